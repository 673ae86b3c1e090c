/** Tries a connection out with one cheap read, and reads what it holds. */
import type { Call } from '@switchyard/engine';
import type { ClosableHost } from '@switchyard/engine/adapters';
import { toFailure, type Json, type JsonObject } from '@switchyard/shared';
import type { ConnectionCheck } from './live-workspace.ts';

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

/** The same; where something has to be accepted before it is used, it is accepted as it is now, and `keep` is given it. */
export async function checkAndAccept(
  host: ClosableHost,
  name: string,
  { signal, keep }: { signal: AbortSignal; keep(fields: JsonObject): Promise<void> },
): Promise<ConnectionCheck> {
  const check = await checkConnection(host, name, signal);
  if (!check.ok) return check;
  try {
    const offered = await host.acceptConnection(name, { signal, timeoutMs, onDelta: () => {} });
    if (!offered) return check;
    await keep(offered);
    return { ...check, message: `${check.message} Accepted as it is now.` };
  } catch (error) {
    return { ...check, ok: false, message: toFailure(error).message };
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
