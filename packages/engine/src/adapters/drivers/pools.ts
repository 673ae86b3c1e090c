/**
 * The queues calls wait in: one per model endpoint, connection, or the sandbox; shared by all runs of a process.
 *
 * 1. At most `concurrency` calls of a pool are under way; with `requestsPerMinute`, at most that many start in any minute.
 * 2. First in, first out within a run; between runs turns are taken, so that one large run cannot starve the others.
 * 3. To wait, to be let in and to leave cost the same however many wait: a run may have 100,000 calls waiting.
 */
import type { PoolLimits } from '../../host.ts';
import { Fifo } from './fifo.ts';

/** Begins what needs the place; it is to call `release` once, when it has ended. */
export type Enter = (release: () => void) => void;

interface Waiting {
  /** Undefined once the caller has left the queue. */
  enter: Enter | undefined;
}

/** What waits of one run; those that left are passed over when their turn comes. */
interface Line {
  run: string;
  waiting: Fifo<Waiting>;
  /** Without those that left. */
  count: number;
}

interface Pool {
  active: number;
  /** Runs with waiting calls, in turn order, each once. */
  turns: Fifo<Line>;
  lines: Map<string, Line>;
  waiting: number;
  /** Start times within the last minute, where the rate is limited. */
  starts: number[];
  timer?: ReturnType<typeof setTimeout>;
}

const minute = 60_000;

export class Pools {
  readonly #limits: (pool: string) => PoolLimits;
  readonly #pools = new Map<string, Pool>();

  constructor(limits: (pool: string) => PoolLimits) {
    this.#limits = limits;
  }

  /** Calls `enter` at once where there is a place, else when it is the caller's turn. Gives the function by which the caller leaves the queue, where it is in it. */
  enter(name: string, run: string, enter: Enter): (() => void) | undefined {
    const pool = this.#pool(name);
    if (pool.waiting === 0 && this.#hasPlace(name, pool)) {
      pool.active += 1;
      enter(() => this.#release(name, pool));
      return undefined;
    }
    const waiting: Waiting = { enter };
    const line = lineOf(pool, run);
    line.waiting.add(waiting);
    line.count += 1;
    pool.waiting += 1;
    return () => {
      if (!waiting.enter) return;
      waiting.enter = undefined;
      line.count -= 1;
      pool.waiting -= 1;
      this.#forget(name, pool);
    };
  }

  #pool(name: string): Pool {
    let pool = this.#pools.get(name);
    if (!pool) {
      pool = { active: 0, turns: new Fifo(), lines: new Map(), waiting: 0, starts: [] };
      this.#pools.set(name, pool);
    }
    return pool;
  }

  #release(name: string, pool: Pool): void {
    pool.active -= 1;
    if (pool.waiting > 0) this.#drain(name, pool);
    else this.#forget(name, pool);
  }

  /** One that nobody waits in and nobody has a place in costs nothing. */
  #forget(name: string, pool: Pool): void {
    if (pool.waiting > 0) return;
    clearTimeout(pool.timer);
    delete pool.timer;
    if (pool.active === 0 && pool.starts.length === 0) this.#pools.delete(name);
    else if (pool.turns.length > 0) {
      pool.turns = new Fifo();
      pool.lines = new Map();
    }
  }

  #drain(name: string, pool: Pool): void {
    while (pool.waiting > 0 && this.#hasPlace(name, pool)) {
      const next = nextOf(pool);
      pool.active += 1;
      pool.waiting -= 1;
      const { enter } = next;
      next.enter = undefined;
      enter?.(() => this.#release(name, pool));
    }
  }

  /** Whether one may start now; where only the rate prevents it, looks again when it no longer does. */
  #hasPlace(name: string, pool: Pool): boolean {
    const { concurrency, requestsPerMinute } = this.#limits(name);
    return pool.active < concurrency && (requestsPerMinute === undefined || this.#mayStart(name, pool, requestsPerMinute));
  }

  #mayStart(name: string, pool: Pool, perMinute: number): boolean {
    const now = Date.now();
    while (pool.starts.length > 0 && (pool.starts[0] as number) <= now - minute) pool.starts.shift();
    if (pool.starts.length < perMinute) {
      pool.starts.push(now);
      return true;
    }
    pool.timer ??= setTimeout(
      () => {
        delete pool.timer;
        this.#drain(name, pool);
      },
      (pool.starts[0] as number) + minute - now,
    ).unref();
    return false;
  }
}

function lineOf(pool: Pool, run: string): Line {
  let line = pool.lines.get(run);
  if (!line) {
    line = { run, waiting: new Fifo(), count: 0 };
    pool.lines.set(run, line);
    pool.turns.add(line);
  }
  return line;
}

/** Whoever's turn it is, of those that wait. Its run goes to the end of the turn order, so that the next place goes to another one. */
function nextOf(pool: Pool): Waiting {
  for (;;) {
    const line = pool.turns.take() as Line;
    let next: Waiting | undefined;
    while (line.count > 0 && !next?.enter) next = line.waiting.take();
    if (next?.enter) line.count -= 1;
    if (line.count > 0) pool.turns.add(line);
    else pool.lines.delete(line.run);
    if (next?.enter) return next;
  }
}
