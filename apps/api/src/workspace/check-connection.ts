/** Tries a connection out with one cheap read, accepts what it offers once that was shown, and reads what it holds. */
import type { Call } from '@switchyard/engine';
import type { ClosableHost } from '@switchyard/engine/adapters';
import { FailureError, failure, toFailure, type CatalogueRequest, type ConnectionOffer, type Json } from '@switchyard/shared';
import type { ConnectionCheck, LiveWorkspace } from './live-workspace.ts';

const timeoutMs = 15_000;

/** Never rejects for what the connection does. */
async function checkConnection(host: ClosableHost, name: string, signal: AbortSignal): Promise<ConnectionCheck> {
  const startedAt = performance.now();
  const done = (check: Omit<ConnectionCheck, 'latencyMs'>): ConnectionCheck => ({ ...check, latencyMs: Math.round(performance.now() - startedAt) });
  try {
    return done({ ok: true, message: await host.checkConnection(name, { signal, timeoutMs, onDelta: () => {} }) });
  } catch (error) {
    return done({ ok: false, message: toFailure(error).message });
  }
}

/** The same; where something of it is to be accepted before it is used, with what that is. Accepts nothing. */
export async function checkWithOffer(host: ClosableHost, name: string, signal: AbortSignal): Promise<ConnectionCheck> {
  const check = await checkConnection(host, name, signal);
  if (!check.ok) return check;
  try {
    const read = await host.readOffer(name, { signal, timeoutMs, onDelta: () => {} });
    return read && read.offer.changes.length > 0 ? { ...check, offer: read.offer } : check;
  } catch (error) {
    return { ...check, ok: false, message: toFailure(error).message };
  }
}

/** What came of accepting: where the connection offers something else than was shown, nothing is accepted, and this is what it offers. */
export type Acceptance = { accepted: true } | { accepted: false; offer: ConnectionOffer };

/** Accepts what was shown under this hash. Rejects with a FailureError. */
export async function acceptShown(
  host: ClosableHost,
  workspace: LiveWorkspace,
  { name, hash, signal }: { name: string; hash: string; signal: AbortSignal },
): Promise<Acceptance> {
  const { connections } = workspace.current();
  const connection = Object.hasOwn(connections, name) ? connections[name] : undefined;
  const read = await host.readOffer(name, { signal, timeoutMs, onDelta: () => {} });
  if (!connection || !read) throw new FailureError(failure('nothing-to-accept', `Nothing of the connection "${name}" has to be accepted.`));
  if (read.offer.hash === hash && (await workspace.acceptOffer(name, { connection, fields: read.fields }))) return { accepted: true };
  return { accepted: false, offer: read.offer };
}

/** What the connection holds. Rejects with a FailureError. */
export async function readCatalogue(host: ClosableHost, request: CatalogueRequest, signal: AbortSignal): Promise<Json> {
  const call: Call = {
    kind: 'catalogue',
    pool: `db:${request.connection}`,
    request,
    effect: 'read',
    timeoutMs,
    retry: { attempts: 1, baseMs: 0, maxMs: 0 },
    task: 'check',
    target: { node: request.connection },
  };
  return (await host.perform(call, { signal, onDelta: () => {} })).result;
}
