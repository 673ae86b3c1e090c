/**
 * Steps side by side: how a room has several things under way at once without promises of its own.
 *
 * 1. A part starts once all it needs have ended and fewer than `atOnce` are under way; parts that may start do so in their order.
 * 2. What starts when follows from the order of completions alone, so a resumed run starts the same in the same order.
 * 3. The first part to throw ends all: what others have started is cancelled with the room.
 */
import type { Step, Suspended } from './node.ts';
import type { Completion, Handle } from './port.ts';

/** Something to do, once the parts at these indexes have ended. */
export interface Part<T> {
  needs?: readonly number[];
  start(): Step<T>;
}

/** Runs steps side by side: all start at once, each advances as its own completions come. Gives their results in order; the first to throw ends all. */
export function parallel<T>(steps: readonly Step<T>[]): Step<T[]> {
  return inOrder(steps.map((step) => ({ start: () => step })));
}

/** Runs parts as soon as what they need has ended, at most `atOnce` side by side. Gives their results in the order of the parts. Throws where parts need one another in a circle. */
export function* inOrder<T>(parts: readonly Part<T>[], atOnce = Number.POSITIVE_INFINITY): Step<T[]> {
  const work = new Work(parts, atOnce);
  work.startReady();
  while (work.pending.length > 0) {
    const completion = yield work.pending;
    if (work.complete(completion)) work.startReady();
  }
  if (work.ended < parts.length) throw new Error('The parts need one another in a circle');
  return work.results;
}

class Work<T> {
  readonly results: T[];
  /** All that is waited for, kept up as parts advance: putting it together anew for each completion cost the square of the parts. */
  readonly pending: Handle[] = [];
  ended = 0;
  readonly #parts: readonly Part<T>[];
  readonly #atOnce: number;
  /** Which part waits for a key, and for what else beside it. */
  readonly #waiting = new Map<string, { index: number; step: Step<T>; handles: readonly Handle[] }>();
  /** How many parts each part still needs, and which parts need it. */
  readonly #open: number[];
  readonly #users = new Map<number, number[]>();
  readonly #ready: number[] = [];
  #started = 0;

  constructor(parts: readonly Part<T>[], atOnce: number) {
    this.#parts = parts;
    this.#atOnce = atOnce;
    this.results = new Array<T>(parts.length);
    this.#open = parts.map(({ needs = [] }, index) => {
      for (const need of needs) this.#users.set(need, [...(this.#users.get(need) ?? []), index]);
      if (needs.length === 0) this.#ready.push(index);
      return needs.length;
    });
  }

  startReady(): void {
    while (this.#started < this.#ready.length && this.#started - this.ended < this.#atOnce) {
      const index = this.#ready[this.#started] as number;
      this.#started += 1;
      const step = (this.#parts[index] as Part<T>).start();
      this.#settle(index, step, step.next(undefined as never));
    }
  }

  /** Advances the part that waits for this; false where none does any more. */
  complete(completion: Completion): boolean {
    const waiter = this.#waiting.get(completion.key);
    if (!waiter) return false;
    for (const handle of waiter.handles) {
      this.#waiting.delete(handle.key);
      this.pending.splice(this.pending.indexOf(handle), 1);
    }
    this.#settle(waiter.index, waiter.step, waiter.step.next(completion));
    return true;
  }

  #settle(index: number, step: Step<T>, turn: IteratorResult<Suspended, T>): void {
    if (turn.done) {
      this.#end(index, turn.value);
      return;
    }
    const handles = Array.isArray(turn.value) ? (turn.value as readonly Handle[]) : [turn.value as Handle];
    for (const handle of handles) {
      this.#waiting.set(handle.key, { index, step, handles });
      this.pending.push(handle);
    }
  }

  #end(index: number, result: T): void {
    this.results[index] = result;
    this.ended += 1;
    for (const user of this.#users.get(index) ?? []) {
      const open = (this.#open[user] as number) - 1;
      this.#open[user] = open;
      if (open === 0) this.#ready.push(user);
    }
  }
}
