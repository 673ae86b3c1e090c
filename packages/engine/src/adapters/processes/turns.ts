/** So many pieces of work at a time, in the order they came; whoever waits for its turn waits no longer than its call may. */
import type { FailureError } from '@switchyard/shared';
import type { Deadline } from '../deadline.ts';

export class Turns {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(atOnce = 1) {
    this.#free = atOnce;
  }

  /** `what` is the subject of the message where the time is up before the turn has come. */
  async take<T>(deadline: Deadline, what: string, work: () => Promise<T>): Promise<T> {
    if (deadline.signal.aborted || !(await this.#turn(deadline.signal))) throw deadline.failure(what) as FailureError;
    try {
      return await work();
    } finally {
      this.#free += 1;
      for (const begin of this.#waiting) {
        begin();
        break;
      }
    }
  }

  /** False where the signal came first. */
  #turn(signal: AbortSignal): Promise<boolean> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const end = (isMine: boolean) => {
        this.#waiting.delete(begin);
        signal.removeEventListener('abort', giveUp);
        resolve(isMine);
      };
      const giveUp = () => end(false);
      const begin = () => {
        this.#free -= 1;
        end(true);
      };
      this.#waiting.add(begin);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}
