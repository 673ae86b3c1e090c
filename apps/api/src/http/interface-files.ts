/**
 * The interface's files, as the web build left them. Listed once at start: only these are public, and nothing outside their folder can be named.
 * Files in assets/ carry their hash in their name and may be kept for ever; index.html is asked for anew each time, with a fresh style nonce.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contentSecurityPolicy } from './security-headers.ts';

/** Where this stands in index.html, each answer carries the nonce that its content security policy allows for styles. */
const noncePlaceholder = '__SWITCHYARD_NONCE__';

const notBuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Switchyard</title></head><body>
<h1>Switchyard is running, but its interface has not been built</h1>
<p>Run <code>npm run build</code>, or start with <code>npm start</code>, which builds it; then start the server again.</p>
<p>The command line and the API work without it.</p>
</body></html>
`;

export interface InterfaceFiles {
  isBuilt: boolean;
  /** Answers a browser's request for a page that is not a file of its own. */
  sendPage(reply: FastifyReply): FastifyReply;
}

/** Serves the files of `folder`, or where it was not built, a page that says so. */
export async function addInterfaceFiles(app: FastifyInstance, folder: string): Promise<InterfaceFiles> {
  const index = join(folder, 'index.html');
  const isBuilt = existsSync(index);
  const page = isBuilt ? readFileSync(index, 'utf8') : notBuilt;
  const sendPage = (reply: FastifyReply) => {
    const nonce = randomBytes(16).toString('base64');
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('content-security-policy', contentSecurityPolicy(nonce))
      .send(page.replaceAll(noncePlaceholder, nonce));
  };
  const config = { isPublic: true } as const;
  app.get('/', { config }, async (_request, reply) => sendPage(reply));
  app.get('/index.html', { config }, async (_request, reply) => sendPage(reply));
  if (isBuilt) {
    await app.register(fastifyStatic, { root: folder, serve: false, cacheControl: false, dotfiles: 'deny' });
    for (const file of filesBelow(folder)) {
      if (file === 'index.html') continue;
      const cache = file.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      app.get(`/${file}`, { config }, async (_request, reply) => reply.header('cache-control', cache).sendFile(file));
    }
  }
  return { isBuilt, sendPage };
}

/** Whether a browser asks for a page, such as an address typed or kept, rather than a program for data. */
export function isPageRequest(request: FastifyRequest): boolean {
  const path = request.url.split('?')[0] ?? '';
  return request.method === 'GET' && (request.headers.accept ?? '').includes('text/html') && !/^\/(trpc|health|login)\b/.test(path) && !/\.[^/]*$/.test(path);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
