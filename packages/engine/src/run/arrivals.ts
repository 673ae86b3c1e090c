/**
 * What comes to the inputs of one task that collect, handed over one by one in the order in which it came.
 * The n-th handle completes with the n-th arrival, or with null once every source is settled and nothing more can come.
 */
import type { Arrival, Arrivals } from '../node.ts';
import type { Completion, Handle } from '../port.ts';

/** Of a task whose inputs collect nothing. */
export const noArrivals: Arrivals = {
  next() {
    throw new Error('Nothing arrives at this task: none of its inputs collects');
  },
};

export class ArrivalQueue implements Arrivals {
  readonly #key: string;
  readonly #came: Arrival[] = [];
  #openSources: number;
  #asked = 0;
  #given = 0;
  /** Hands a completion to the task's room; set when it starts. */
  tell: ((completion: Completion) => void) | undefined;

  constructor(task: string, sources: number) {
    this.#key = `${task}!arrival`;
    this.#openSources = sources;
  }

  get isEmpty(): boolean {
    return this.#came.length === 0;
  }

  next(): Handle {
    const handle = { key: `${this.#key}.${this.#asked}` };
    this.#asked += 1;
    this.#give();
    return handle;
  }

  /** One source is settled; with a value unless it was pruned. Tells whether the task may start now: at the first value, or when none can come any more. */
  settle(arrival: Arrival | undefined): boolean {
    this.#openSources -= 1;
    const wasEmpty = this.isEmpty;
    if (arrival) this.#came.push(arrival);
    this.#give();
    return wasEmpty && (arrival !== undefined || this.#openSources === 0);
  }

  #give(): void {
    while (this.#given < this.#asked && (this.#given < this.#came.length || this.#openSources === 0)) {
      this.tell?.({ key: `${this.#key}.${this.#given}`, result: this.#came[this.#given] ?? null });
      this.#given += 1;
    }
  }
}
