/**
 * The runner of one process among many: runs, journal and events are in PostgreSQL, and any process tells of any run.
 *
 * 1. The process that accepts a run executes it; when that one dies or leaves, another goes on with it.
 * 2. `drain` accepts no more and waits for what is under way; `close` lets go of the rest, which others take over at once.
 */
import { Pools, type CallPort } from '@switchyard/engine/adapters';
import { openDbos, topicOf, type DbosEngine, type DbosEngineOptions } from '@switchyard/engine/adapters/dbos';
import { cancelSignal, type Registry } from '@switchyard/engine';
import { FailureError, failure, type RunEvent, type RunResult } from '@switchyard/shared';
import { liveOnce } from './distributed-life.ts';
import type { Runner, RunRequest, RunSummary, StoredRun } from './runner-interface.ts';
import { newRunId } from './run-id.ts';
import { resultOf } from './runner.ts';
import { watchStored } from './watch-stored.ts';

export interface DistributedRunnerOptions extends Omit<DbosEngineOptions, 'execute'> {
  registry: Registry;
}

/** A runner that can be asked whether it takes runs, and be emptied. */
export interface DistributedRunner extends Runner {
  readonly pruning: DbosEngine['pruning'];
  isReady(): boolean;
  /** Resolves once nothing is under way here, or after `withinMs`. */
  drain(withinMs: number): Promise<void>;
}

const lookAgainMs = 1000;
const unstartedEveryMs = 5000;

/** Resolves once this process is one of those on the database. */
export async function openDistributedRunner(options: DistributedRunnerOptions): Promise<DistributedRunner> {
  const { registry, host, redactor, ...rest } = options;
  const held = new Set<CallPort>();
  let pools: Pools | undefined;
  const engine = await openDbos({
    ...rest,
    host,
    redactor,
    execute: (of, run, life) => {
      pools ??= new Pools((pool) => of.host.pool(pool));
      return liveOnce({ engine: of, registry, pools, redactor, held }, run, life);
    },
  });
  return new PostgresRunner(engine, held, options);
}

class PostgresRunner implements DistributedRunner {
  readonly #engine: DbosEngine;
  readonly #held: Set<CallPort>;
  readonly #options: DistributedRunnerOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #isLeaving = false;

  constructor(engine: DbosEngine, held: Set<CallPort>, options: DistributedRunnerOptions) {
    this.#engine = engine;
    this.#held = held;
    this.#options = options;
    this.#timer = setInterval(() => void this.#startUnstarted(), unstartedEveryMs);
  }

  async start(request: RunRequest): Promise<{ run: string }> {
    if (this.#isLeaving)
      throw new FailureError(failure('server-leaving', 'This server is stopping and takes no more runs. Ask again: another one answers.', { retry: 'policy' }));
    const run = request.run ?? newRunId();
    const { flow, flowId, plan } = request;
    const inputs = this.#options.redactor()(request.inputs);
    await this.#engine.runs.create({ run, flow, plan, inputs, status: 'running', startedAt: Date.now(), ...(flowId !== undefined && { flowId }) });
    try {
      await this.#engine.process.start(run);
    } catch (error) {
      await this.#engine.runs.remove(run);
      throw error;
    }
    return { run };
  }

  async cancel(run: string): Promise<boolean> {
    try {
      await this.#engine.runs.waits.keepSignal(run, cancelSignal, null);
      return true;
    } catch (error) {
      if (error instanceof FailureError) return false;
      throw error;
    }
  }

  get(run: string): Promise<StoredRun | undefined> {
    return this.#engine.runs.get(run);
  }

  list(page: { flowId?: string; limit: number; before?: string }): Promise<RunSummary[]> {
    return this.#engine.runs.list(page);
  }

  events(run: string, after: number, limit: number): Promise<RunEvent[]> {
    return this.#engine.runs.events(run, after, limit);
  }

  watch(run: string, after: number, signal: AbortSignal): AsyncIterable<RunEvent> {
    return watchStored(this.#engine, { run, after }, signal);
  }

  async result(run: string): Promise<RunResult> {
    let wake = () => {};
    const unlisten = this.#engine.notices.listen(topicOf(run), (body) => {
      if (typeof body === 'object' && body !== null && 'isOver' in body) wake();
    });
    try {
      for (;;) {
        const status = await this.#engine.runs.status(run);
        const stored = status === 'running' ? undefined : await this.#engine.runs.summary(run);
        if (stored) return resultOf(stored);
        if (status === undefined)
          throw new FailureError(failure('run-missing', `No run with the id "${run}" is kept here. List the runs to see which there are.`));
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, lookAgainMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    } finally {
      unlisten();
    }
  }

  /** A run of a process that is gone is taken over without being asked for. */
  resume(run: string): Promise<RunResult> {
    return this.result(run);
  }

  get pruning(): DbosEngine['pruning'] {
    return this.#engine.pruning;
  }

  isReady(): boolean {
    return !this.#isLeaving && this.#engine.isWell();
  }

  async drain(withinMs: number): Promise<void> {
    this.#isLeaving = true;
    const until = Date.now() + withinMs;
    while (this.#held.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  async close(): Promise<void> {
    this.#isLeaving = true;
    clearInterval(this.#timer);
    for (const port of this.#held) port.close();
    this.#held.clear();
    await this.#engine.runs.flush();
    await this.#engine.close();
  }

  /** Runs that a process accepted and did not live to start. Starting one twice is one start. */
  async #startUnstarted(): Promise<void> {
    try {
      for (const run of await this.#engine.runs.unstarted()) await this.#engine.process.start(run);
    } catch (error) {
      this.#options.log.warn(`Looking for runs that were not started failed: ${(error as Error).message}`);
    }
  }
}
