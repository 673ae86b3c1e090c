/**
 * The queues calls wait in: one per model endpoint, connection, or the sandbox; shared by all runs of a process.
 *
 * 1. At most `concurrency` calls of a pool are under way; with `requestsPerMinute`, at most that many start in any minute.
 * 2. First in, first out within a run; between runs turns are taken, so that one large run cannot starve the others.
 * 3. To wait, to be let in and to leave cost the same however many wait: a run may have 100,000 calls waiting.
 */
import type { PoolLimits } from '../../../host.ts';
import { Fifo } from './fifo.ts';
import { TimeLimits } from './time-limits.ts';

/** What needs a place. */
export interface Entrant {
  /** Begins what the place is for; whoever began gives it back by `leave`, once. */
  enter(place: Place): void;
}

/** A place in a pool: one is as good as another. */
export type Place = Pool;

/** A place in a pool's queue. */
export interface Waiting {
  /** Undefined once it was let in, or gave up. */
  entrant: Entrant | undefined;
  readonly pool: Pool;
  readonly line: Line;
}

/** What waits of one run; those that left are passed over when their turn comes. */
interface Line {
  run: string;
  waiting: Fifo<Waiting>;
  /** Without those that left. */
  count: number;
}

interface Pool {
  readonly name: string;
  active: number;
  /** Runs with waiting calls, in turn order, each once. */
  turns: Fifo<Line>;
  lines: Map<string, Line>;
  waiting: number;
  /** Start times within the last minute, where the rate is limited. */
  starts: number[];
  timer: ReturnType<typeof setTimeout> | undefined;
}

const minute = 60_000;
/** Pools that are kept while nobody is in them: to make one anew for each call costs as much as the rest of a place. */
const mostIdle = 1000;

export class Pools {
  /** Of the calls that have a place. */
  readonly timeLimits = new TimeLimits();
  readonly #limits: (pool: string) => PoolLimits;
  readonly #pools = new Map<string, Pool>();

  constructor(limits: (pool: string) => PoolLimits) {
    this.#limits = limits;
  }

  /** Lets in at once where there is a place, else in its turn: then gives the place in the queue. */
  enter(name: string, run: string, entrant: Entrant): Waiting | undefined {
    const pool = this.#pool(name);
    if (pool.waiting === 0 && this.#hasPlace(pool)) {
      pool.active += 1;
      entrant.enter(pool);
      return undefined;
    }
    const line = lineOf(pool, run);
    const waiting: Waiting = { entrant, pool, line };
    line.waiting.add(waiting);
    line.count += 1;
    pool.waiting += 1;
    return waiting;
  }

  /** Leaves the queue; nothing where it has been let in, or has left. */
  giveUp(waiting: Waiting): void {
    if (!waiting.entrant) return;
    waiting.entrant = undefined;
    waiting.line.count -= 1;
    waiting.pool.waiting -= 1;
    this.#forget(waiting.pool);
  }

  /** Gives a place back, and lets the next in. */
  leave(pool: Place): void {
    pool.active -= 1;
    if (pool.waiting > 0) this.#drain(pool);
    else this.#forget(pool);
  }

  #pool(name: string): Pool {
    let pool = this.#pools.get(name);
    if (!pool) {
      pool = { name, active: 0, turns: new Fifo(), lines: new Map(), waiting: 0, starts: [], timer: undefined };
      this.#pools.set(name, pool);
    }
    return pool;
  }

  /** Of one that nobody waits in, nothing is left of those that did; where there are many, one in which nobody has a place goes. */
  #forget(pool: Pool): void {
    if (pool.waiting > 0) return;
    if (pool.timer) {
      clearTimeout(pool.timer);
      pool.timer = undefined;
    }
    if (this.#pools.size > mostIdle && pool.active === 0 && pool.starts.length === 0) this.#pools.delete(pool.name);
    else if (pool.turns.length > 0) {
      pool.turns = new Fifo();
      pool.lines = new Map();
    }
  }

  #drain(pool: Pool): void {
    while (pool.waiting > 0 && this.#hasPlace(pool)) {
      const next = nextOf(pool);
      pool.active += 1;
      pool.waiting -= 1;
      const { entrant } = next;
      next.entrant = undefined;
      entrant?.enter(pool);
    }
  }

  /** Whether one may start now; where only the rate prevents it, looks again when it no longer does. */
  #hasPlace(pool: Pool): boolean {
    const { concurrency, requestsPerMinute } = this.#limits(pool.name);
    return pool.active < concurrency && (requestsPerMinute === undefined || this.#mayStart(pool, requestsPerMinute));
  }

  #mayStart(pool: Pool, perMinute: number): boolean {
    const now = Date.now();
    while (pool.starts.length > 0 && (pool.starts[0] as number) <= now - minute) pool.starts.shift();
    if (pool.starts.length < perMinute) {
      pool.starts.push(now);
      return true;
    }
    pool.timer ??= setTimeout(
      () => {
        pool.timer = undefined;
        this.#drain(pool);
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
    while (line.count > 0 && !next?.entrant) next = line.waiting.take();
    if (next?.entrant) line.count -= 1;
    if (line.count > 0) pool.turns.add(line);
    else pool.lines.delete(line.run);
    if (next?.entrant) return next;
  }
}
