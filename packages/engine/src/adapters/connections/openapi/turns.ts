/** One piece of work at a time; whoever waits for its turn waits no longer than its call may. */
import { FailureError, failure } from '@switchyard/shared';
import type { Deadline } from '../../deadline.ts';

export class Turns {
  #latest: Promise<void> = Promise.resolve();

  /** `what` is the subject of the message where the time is up before the turn has come. */
  async take<T>(deadline: Deadline, what: string, work: () => Promise<T>): Promise<T> {
    const before = this.#latest;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#latest = promise;
    try {
      await orAborted(before, deadline.signal);
      if (deadline.signal.aborted) throw deadline.failure(what) ?? new FailureError(failure('cancelled', `${what} was cancelled before it had begun.`));
      return await work();
    } finally {
      // Those after it must not overtake the one before it, where this one gave up waiting.
      void before.then(resolve);
    }
  }
}

async function orAborted(before: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  if (signal.aborted) return;
  signal.addEventListener('abort', end, { once: true });
  void before.then(resolve);
  await promise;
  signal.removeEventListener('abort', end);
}
