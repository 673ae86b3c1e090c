/**
 * How long a run goes on without waiting for anything: a map over a million items may start tasks for as long as there are any.
 *
 * 1. After so many tasks in a row the run waits for a moment that is past. What came meanwhile is folded then, such as its cancelling and
 *    its time limit. It is a wait like another, with a place in the record, so that every life of the run agrees on what it started by then.
 * 2. It lets go of the loop whenever it has held it for a while, also while it replays. Nothing is folded then, so that nobody needs to know of it.
 * 3. A run starts so many tasks and no more: each is kept in memory and in its trace.
 */
import { failure, FailureError } from '@switchyard/shared';
import type { CallKey, RunPort } from '../port.ts';

/** As many as a flow has nodes: a drawing without maps and loops never waits for this. */
const tasksInARow = 10_000;
const longestHeldMs = 25;
/** Steps between two looks at the clock, which costs as much as a tenth of the smallest of them. */
const stepsBetween = 16;
/** Of one run, those of its bodies included. */
const mostTasks = 3_000_000;

export class Turns {
  readonly #port: RunPort;
  #started = 0;
  #inARow = 0;
  #taken = 0;
  #key: CallKey | undefined;
  /** ms that this run held the loop since it last let go of it here. */
  #held = 0;
  #since = 0;
  #steps = 0;

  constructor(port: RunPort) {
    this.#port = port;
  }

  /** Whether the run waits before it starts more. */
  get isWaiting(): boolean {
    return this.#key !== undefined;
  }

  /** The run begins to start what it can. */
  begin(): void {
    this.#since = performance.now();
  }

  /** Whether it may start another task now; else it waits, or is to let go of the loop. */
  mayGoOn(): boolean {
    if (this.#key !== undefined) return false;
    if (this.#inARow >= tasksInARow) {
      this.#inARow = 0;
      this.#key = `run.turn.${this.#taken}`;
      this.#taken += 1;
      this.#port.wait(this.#key, { time: 0 });
      return false;
    }
    this.#steps += 1;
    return this.#steps % stepsBetween !== 0 || this.#held + performance.now() - this.#since < longestHeldMs;
  }

  /** Throws the FailureError `limit-tasks` where the run has started as many tasks as it may. */
  count(): void {
    this.#inARow += 1;
    this.#started += 1;
    if (this.#started > mostTasks) throw tooMany();
  }

  /** It has started what it could. `isAll`: it then waits for something of its own. */
  end(isAll: boolean): void {
    this.#held += performance.now() - this.#since;
    if (isAll && !this.isWaiting) this.#inARow = 0;
  }

  fold(key: CallKey): void {
    if (key === this.#key) this.#key = undefined;
  }

  /** Lets others have the loop. */
  async letGo(): Promise<void> {
    this.#held = 0;
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}

function tooMany(): FailureError {
  return new FailureError(
    failure(
      'limit-tasks',
      `The run has started ${mostTasks} tasks, which is the most that one may. Give its maps shorter lists and its loops fewer rounds, or split the work into several runs.`,
    ),
  );
}
