/** Tries a connection out with one read: a database's catalogue, or a GET of an API's base. */
import type { Call, Host } from '@switchyard/engine';
import {
  FailureError,
  failure,
  toFailure,
  type Catalogue,
  type Connection,
  type ExampleParts,
  type FetchResult,
  type Json,
  type Workspace,
} from '@switchyard/shared';
import type { ConnectionCheck } from './live-workspace.ts';

const timeoutMs = 15_000;

export interface ConnectionReach {
  host: Host;
  workspace(): Workspace;
  examples: ExampleParts;
}

/** Never rejects for what the connection does. */
export async function checkConnection(reach: ConnectionReach, name: string, signal: AbortSignal): Promise<ConnectionCheck> {
  const startedAt = performance.now();
  const done = (check: Omit<ConnectionCheck, 'latencyMs'>): ConnectionCheck => ({ ...check, latencyMs: Math.round(performance.now() - startedAt) });
  try {
    if (isDatabase(find(reach, name), reach.examples)) {
      const { tables } = await readCatalogue(reach, name, signal);
      return done({ ok: true, message: `It opens and has ${tables.length} ${tables.length === 1 ? 'table' : 'tables'}.` });
    }
    const { status } = (await perform(reach.host, call('fetch', name, { connection: name, method: 'GET', path: '/' }), signal)) as unknown as FetchResult;
    if (status === 401 || status === 403)
      return done({
        ok: false,
        message: `It answers, but with status ${status}: the credentials in its headers are missing or wrong, or the base path needs others.`,
      });
    if (status >= 500) return done({ ok: false, message: `It answers, but with status ${status}: the service itself has a problem.` });
    return done({ ok: true, message: `It answers (status ${status} for its base path).` });
  } catch (error) {
    return done({ ok: false, message: toFailure(error).message });
  }
}

/** What the connection's database holds. Rejects with a FailureError. */
export async function readCatalogue(reach: ConnectionReach, name: string, signal: AbortSignal): Promise<Catalogue> {
  if (!isDatabase(find(reach, name), reach.examples))
    throw new FailureError(failure('connection-type', `The connection "${name}" is an API, which has no catalogue of tables.`));
  return (await perform(reach.host, call('catalogue', name, { connection: name }), signal)) as unknown as Catalogue;
}

async function perform(host: Host, asked: Call, signal: AbortSignal): Promise<Json> {
  const { result } = await host.perform(asked, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), onDelta: () => {} });
  return result;
}

function call(kind: 'fetch' | 'catalogue', connection: string, request: Json): Call {
  const pool = `${kind === 'fetch' ? 'http' : 'db'}:${connection}`;
  return { kind, pool, request, effect: 'read', timeoutMs, retry: { attempts: 1, baseMs: 0, maxMs: 0 }, task: 'check', target: { node: connection } };
}

function find({ workspace }: ConnectionReach, name: string): Connection {
  const { connections } = workspace();
  const found = Object.hasOwn(connections, name) ? connections[name] : undefined;
  if (!found) throw new FailureError(failure('connection-missing', `The workspace has no connection named "${name}".`));
  return found;
}

function isDatabase(connection: Connection, examples: ExampleParts): boolean {
  if (connection.type === 'example') return Object.hasOwn(examples, connection.example) && examples[connection.example]?.type === 'sqlite';
  return connection.type === 'sqlite';
}
