/**
 * Steps side by side: how a room has several things under way at once without promises of its own.
 *
 * 1. A part starts once all it needs have ended and fewer than `atOnce` are under way; parts that may start do so in their order.
 * 2. What starts when follows from the order of completions alone, so a resumed run starts the same in the same order.
 * 3. The first part to throw ends all: what others have started is cancelled with the room.
 */
import type { Step, Suspended } from './node.ts';
import type { Handle } from './port.ts';

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
  while (work.running.size > 0) {
    const completion = yield work.handles();
    const index = work.waiting.get(completion.key);
    if (index === undefined) continue;
    work.settle(index, (work.running.get(index)?.step as Step<T>).next(completion));
    work.startReady();
  }
  if (work.ended < parts.length) throw new Error('The parts need one another in a circle');
  return work.results;
}

class Work<T> {
  readonly results: T[];
  /** Steps under way, with the handles that each waits for. */
  readonly running = new Map<number, { step: Step<T>; handles: readonly Handle[] }>();
  /** Which part waits for a key. */
  readonly waiting = new Map<string, number>();
  ended = 0;
  readonly #parts: readonly Part<T>[];
  readonly #atOnce: number;
  readonly #open: number[];
  readonly #users = new Map<number, number[]>();
  readonly #ready: number[] = [];

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

  handles(): Handle[] {
    return [...this.running.values()].flatMap(({ handles }) => handles);
  }

  startReady(): void {
    while (this.#ready.length > 0 && this.running.size < this.#atOnce) {
      const index = this.#ready.shift() as number;
      const step = (this.#parts[index] as Part<T>).start();
      this.running.set(index, { step, handles: [] });
      this.settle(index, step.next(undefined as never));
    }
  }

  settle(index: number, turn: IteratorResult<Suspended, T>): void {
    const part = this.running.get(index) as { step: Step<T>; handles: readonly Handle[] };
    for (const handle of part.handles) this.waiting.delete(handle.key);
    if (turn.done) {
      this.#end(index, turn.value);
      return;
    }
    part.handles = Array.isArray(turn.value) ? (turn.value as readonly Handle[]) : [turn.value as Handle];
    for (const handle of part.handles) this.waiting.set(handle.key, index);
  }

  #end(index: number, result: T): void {
    this.running.delete(index);
    this.results[index] = result;
    this.ended += 1;
    for (const user of this.#users.get(index) ?? []) {
      const open = (this.#open[user] as number) - 1;
      this.#open[user] = open;
      if (open === 0) this.#ready.push(user);
    }
  }
}
