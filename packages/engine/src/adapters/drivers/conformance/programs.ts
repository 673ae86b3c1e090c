/** Small deterministic programs on a run port, and calls for them. */
import type { Json } from '@switchyard/shared';
import type { Call, Completion, RunPort } from '../../../port.ts';
import type { HandSettledHost } from '../../../testing/hand-settled-host.ts';

/** A read that is not retried. */
export function read(request: string, more: Partial<Call> = {}): Call {
  return {
    kind: 'fetch',
    pool: 'http:api',
    request,
    effect: 'read',
    timeoutMs: 30_000,
    retry: { attempts: 1, baseMs: 1, maxMs: 2 },
    task: 't',
    target: { node: 'api' },
    ...more,
  };
}

/** A write that is not retried; idempotent where a key is given. */
export function write(request: string, idempotencyKey?: string): Call {
  return read(request, { effect: 'write', ...(idempotencyKey !== undefined && { idempotencyKey }) });
}

/** Lanes that go on side by side, each call asking with the answer before: an order that depends on timing in every way. Gives each lane's last answer. */
export async function lanes(port: RunPort, { width, depth }: { width: number; depth: number }): Promise<Json[]> {
  const answers: Json[] = [];
  const at = (key: string) => key.slice(4).split('.').map(Number) as [lane: number, turn: number];
  for (let lane = 0; lane < width; lane += 1) port.start(`lane${lane}.0`, read(`lane${lane}.0`));
  for (let open = width; open > 0; ) {
    for (const { key, result, failure } of await port.next()) {
      if (failure) throw new Error(`${key}: ${failure.code}`);
      const [lane, turn] = at(key);
      if (turn + 1 < depth) port.start(`lane${lane}.${turn + 1}`, read(`lane${lane}.${turn + 1} after ${String(result)}`));
      else {
        answers[lane] = result ?? null;
        open -= 1;
      }
    }
  }
  return answers;
}

/** Answers every call with its own name and `done` until the promise settles; the newest of those under way first, or the oldest. */
export async function settleAll(
  host: HandSettledHost,
  { until, newestFirst = false, onCall }: { until: Promise<unknown>; newestFirst?: boolean; onCall?: (call: Call) => void },
): Promise<void> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  until.then(over, over);
  while (!isOver) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    const call = newestFirst ? host.pending.at(-1) : host.pending[0];
    if (!call) continue;
    onCall?.(call.call);
    call.succeed(`${String(call.call.request).split(' ')[0]} done`);
  }
}

/** The lanes of the kill loop: 32 calls, four at once. */
export const killedLanes = { width: 4, depth: 8 } as const;

/** The keys of a batch of completions. */
export const keysOf = (completions: readonly Completion[]): string[] => completions.map(({ key }) => key);
