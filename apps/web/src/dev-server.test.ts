import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { createServer } from 'vite';
import { expect, test, vi } from 'vitest';

test('a page of the development server logs in at the server beside it, which refuses pages of another origin', async () => {
  const seen = Promise.withResolvers<IncomingHttpHeaders>();
  const server = createHttpServer((request, response) => {
    seen.resolve(request.headers);
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('SWITCHYARD_API', `http://${host}`);
  const pages = await createServer({
    root: dirname(import.meta.dirname),
    logLevel: 'silent',
    server: { port: 0, host: '127.0.0.1' },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    await pages.listen();
    const { origin } = new URL(pages.resolvedUrls?.local[0] ?? '');
    await fetch(`${origin}/login`, { method: 'POST', headers: { origin } });
    const { origin: passed, host: named } = await seen.promise;
    expect({ passed, named }).toEqual({ named: host });
  } finally {
    await pages.close();
    server.close();
    vi.unstubAllEnvs();
  }
});
