/** A whole server for tests: a data folder of its own, a free loopback port, real HTTP. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Registry } from '@switchyard/engine';
import { kinds } from '@switchyard/engine/nodes';
import type { FastifyInstance } from 'fastify';
import { buildApplication, type Built } from '../build-application.ts';
import type { LocatedWorkspace } from '../cli/documents.ts';
import { noteAddress, openDataFolder } from '../data-folder.ts';
import { createServer } from '../http/server.ts';
import { createLog } from '../log.ts';

export const testToken = 'a-token-of-tests-that-is-long-enough-0123456789';
export const testCode = 'a-login-code-of-tests-that-is-long-enough-01234';

export interface TestServer extends Built {
  /** Such as http://127.0.0.1:40123. */
  url: string;
  server: FastifyInstance;
  folder: string;
  /** Fetches a path with the token and the header of changes; `init` wins. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** A tRPC query; gives the response's JSON. */
  query(procedure: string, input?: unknown): Promise<TrpcAnswer>;
  /** A tRPC mutation; gives the response's JSON. */
  mutate(procedure: string, input?: unknown): Promise<TrpcAnswer>;
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every procedure.
export type TrpcAnswer = { status: number; data?: any; error?: { message: string; code: number; data: any } };

export interface TestServerOptions {
  environment?: Record<string, string>;
  workspace?: LocatedWorkspace;
  names?: string[];
  /** Default: the kinds of Switchyard. */
  registry?: Registry;
  /** Default: a folder that does not exist. */
  interfaceFolder?: string;
  folder?: string;
}

/** A fresh folder below the system's temporary one; `remove` deletes it. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'switchyard-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const opening = new AsyncDisposableStack();
  let path = options.folder;
  if (path === undefined) {
    const temporary = temporaryFolder();
    opening.defer(temporary.remove);
    path = temporary.path;
  }
  const folder = openDataFolder(path);
  opening.defer(() => folder.release());
  const log = createLog({ level: 'silent', mask: (line) => line });
  const built = await buildApplication(
    {
      folder,
      registry: options.registry ?? kinds,
      environment: options.environment ?? {},
      log,
      ...(options.workspace && { workspace: options.workspace }),
    },
    opening,
  );
  const server = await createServer({
    application: built.application,
    logger: log,
    token: testToken,
    code: testCode,
    version: '0.0.0',
    names: options.names ?? [],
    interfaceFolder: options.interfaceFolder ?? join(path, 'no-interface'),
  });
  opening.defer(() => server.close());
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  opening.defer(noteAddress(folder, url));
  const send = (at: string, init: RequestInit = {}) => {
    const headers = {
      authorization: `Bearer ${testToken}`,
      'x-switchyard': '1',
      'content-type': 'application/json',
      ...(init.headers as Record<string, string>),
    };
    return fetch(`${url}${at}`, { ...init, headers });
  };
  return {
    ...built,
    url,
    server,
    folder: path,
    fetch: send,
    query: async (procedure, input) =>
      answerOf(await send(`/trpc/${procedure}${input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`}`)),
    mutate: async (procedure, input) => answerOf(await send(`/trpc/${procedure}`, { method: 'POST', body: JSON.stringify(input ?? {}) })),
    close: () => opening.disposeAsync(),
  };
}

async function answerOf(response: Response): Promise<TrpcAnswer> {
  const body = (await response.json()) as { result?: { data: unknown }; error?: TrpcAnswer['error'] };
  return { status: response.status, ...(body.result && { data: body.result.data }), ...(body.error && { error: body.error }) };
}
