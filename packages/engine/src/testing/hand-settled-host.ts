/** A host whose calls are settled by hand, in any order a test wants. */
import type { Json, Usage } from '@switchyard/shared';
import { FailureError, type Failure } from '@switchyard/shared';
import type { Host, Performed } from '../host.ts';
import type { Call } from '../port.ts';

export interface PendingCall {
  call: Call;
  /** What the trace calls it: the called node, and the operation where there is one. */
  name: string;
  say(text: string): void;
  succeed(result: Json, usage?: Partial<Usage>): void;
  fail(failure: Failure): void;
  isAborted(): boolean;
  /** Does this instead of giving up at once when the call is aborted. */
  onAbort(act: () => void): void;
}

export interface HandSettledHost extends Host {
  /** Calls under way, oldest first. */
  readonly pending: PendingCall[];
  /** The next call to start, at once if one is under way already. */
  next(): Promise<PendingCall>;
}

export function createHandSettledHost(concurrency = 8): HandSettledHost {
  const pending: PendingCall[] = [];
  const unseen: PendingCall[] = [];
  const waiting: ((call: PendingCall) => void)[] = [];
  return {
    pending,
    pool: () => ({ concurrency }),
    next: () => {
      const ready = unseen.shift();
      return ready ? Promise.resolve(ready) : new Promise((resolve) => waiting.push(resolve));
    },
    perform: (call, { signal, onDelta }) =>
      new Promise<Performed>((resolve, reject) => {
        const settle = (how: () => void) => {
          pending.splice(pending.indexOf(one), 1);
          how();
        };
        const one: PendingCall = {
          call,
          name: call.target.operation ? `${call.target.node}.${call.target.operation}` : call.target.node,
          say: onDelta,
          succeed: (result, usage) => settle(() => resolve({ result, ...(usage && { usage }) })),
          fail: (cause) => settle(() => reject(new FailureError(cause))),
          isAborted: () => signal.aborted,
          onAbort: (act) => {
            giveUp = act;
          },
        };
        let giveUp = () => settle(() => reject(signal.reason as Error));
        signal.addEventListener('abort', () => giveUp(), { once: true });
        pending.push(one);
        const taker = waiting.shift();
        if (taker) taker(one);
        else unseen.push(one);
      }),
  };
}
