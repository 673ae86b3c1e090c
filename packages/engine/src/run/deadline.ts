/**
 * The run's time limit. It stands still while the run does nothing but wait for somebody outside.
 *
 * 1. When it stands still follows from the completions alone, so that every life of the run agrees on it.
 * 2. Each time it goes on, it is a new wait with a key of its own: the old one may have ended just before it was cancelled.
 */
import type { CallKey, Handle, RunPort } from '../port.ts';

const firstKey = 'run.deadline';

export class Deadline {
  readonly #port: RunPort;
  #handle: Handle;
  /** ms since the epoch. */
  #time: number;
  #stopsAt: number | undefined;
  #stops = 0;

  constructor(port: RunPort, time: number) {
    this.#port = port;
    this.#time = time;
    this.#handle = port.wait(firstKey, { time });
  }

  isReached(key: CallKey): boolean {
    return key === this.#handle.key && this.#stopsAt === undefined;
  }

  /** To be called after every completion: whether the run is idle, as of `now`. */
  follow(isIdle: boolean, now: number): void {
    if (isIdle === (this.#stopsAt !== undefined)) return;
    if (this.#stopsAt === undefined) {
      this.#stopsAt = now;
      this.cancel();
      return;
    }
    this.#time += now - this.#stopsAt;
    this.#stopsAt = undefined;
    this.#stops += 1;
    this.#handle = this.#port.wait(`${firstKey}.${this.#stops}`, { time: this.#time });
  }

  cancel(): void {
    this.#port.cancel(this.#handle);
  }
}
