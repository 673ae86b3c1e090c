/** Tries a connection out with one cheap read, and reads what it holds. */
import type { Call } from '@switchyard/engine';
import type { ClosableHost } from '@switchyard/engine/adapters';
import { toFailure, type Json } from '@switchyard/shared';
import type { ConnectionCheck } from './live-workspace.ts';

const timeoutMs = 15_000;

/** Never rejects for what the connection does. */
export async function checkConnection(host: ClosableHost, name: string, signal: AbortSignal): Promise<ConnectionCheck> {
  const startedAt = performance.now();
  const done = (check: Omit<ConnectionCheck, 'latencyMs'>): ConnectionCheck => ({ ...check, latencyMs: Math.round(performance.now() - startedAt) });
  try {
    return done({ ok: true, message: await host.checkConnection(name, { signal, timeoutMs, onDelta: () => {} }) });
  } catch (error) {
    return done({ ok: false, message: toFailure(error).message });
  }
}

/** What the connection holds. Rejects with a FailureError. */
export async function readCatalogue(host: ClosableHost, connection: string, signal: AbortSignal): Promise<Json> {
  const call: Call = {
    kind: 'catalogue',
    pool: `db:${connection}`,
    request: { connection },
    effect: 'read',
    timeoutMs,
    retry: { attempts: 1, baseMs: 0, maxMs: 0 },
    task: 'check',
    target: { node: connection },
  };
  return (await host.perform(call, { signal, onDelta: () => {} })).result;
}
