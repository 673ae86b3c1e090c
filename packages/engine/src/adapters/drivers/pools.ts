/**
 * The queues calls wait in: one per model endpoint, connection, or the sandbox; shared by all runs of a process.
 *
 * 1. At most `concurrency` calls of a pool are under way; with `requestsPerMinute`, at most that many start in any minute.
 * 2. First in, first out within a run; between runs turns are taken, so that one large run cannot starve the others.
 */
import type { PoolLimits } from '../../host.ts';

interface Waiting {
  grant(): void;
}

interface Pool {
  active: number;
  /** Runs with waiting calls, in turn order; of each the calls in the order they came. Sets, since a run may have 100,000 of them waiting. */
  turns: Map<string, Set<Waiting>>;
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

  /** A place at once, as the function that gives it back; undefined where the call must wait for one. */
  tryAcquire(name: string): (() => void) | undefined {
    const pool = this.#pool(name);
    const { concurrency, requestsPerMinute } = this.#limits(name);
    if (pool.turns.size > 0 || pool.active >= concurrency) return undefined;
    if (requestsPerMinute !== undefined && !this.#mayStart(name, pool, requestsPerMinute)) return undefined;
    pool.active += 1;
    return () => this.#release(name, pool);
  }

  /** Resolves with the function that gives the place back; rejects with the signal's reason where it aborts first. */
  acquire(name: string, run: string, signal: AbortSignal): Promise<() => void> {
    const pool = this.#pool(name);
    return new Promise((resolve, reject) => {
      const abort = () => {
        const queue = pool.turns.get(run);
        queue?.delete(waiting);
        if (queue?.size === 0) pool.turns.delete(run);
        reject(signal.reason as Error);
      };
      const waiting: Waiting = {
        grant: () => {
          signal.removeEventListener('abort', abort);
          resolve(() => this.#release(name, pool));
        },
      };
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      const queue = pool.turns.get(run);
      if (queue) queue.add(waiting);
      else pool.turns.set(run, new Set([waiting]));
      this.#drain(name, pool);
    });
  }

  #pool(name: string): Pool {
    let pool = this.#pools.get(name);
    if (!pool) {
      pool = { active: 0, turns: new Map(), starts: [] };
      this.#pools.set(name, pool);
    }
    return pool;
  }

  #release(name: string, pool: Pool): void {
    pool.active -= 1;
    if (pool.turns.size > 0) this.#drain(name, pool);
    if (pool.active === 0 && pool.turns.size === 0 && pool.starts.length === 0) this.#pools.delete(name);
  }

  #drain(name: string, pool: Pool): void {
    const { concurrency, requestsPerMinute } = this.#limits(name);
    while (pool.active < concurrency && pool.turns.size > 0) {
      if (requestsPerMinute !== undefined && !this.#mayStart(name, pool, requestsPerMinute)) return;
      const [run, queue] = pool.turns.entries().next().value as [string, Set<Waiting>];
      const waiting = queue.values().next().value as Waiting;
      queue.delete(waiting);
      // To the end of the turn order, so that the next place goes to another run.
      pool.turns.delete(run);
      if (queue.size > 0) pool.turns.set(run, queue);
      pool.active += 1;
      waiting.grant();
    }
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
