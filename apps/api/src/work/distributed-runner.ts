/**
 * The runner of one process among many: runs, journal and events are in PostgreSQL, and any process tells of any run.
 *
 * 1. The process that accepts a run executes it; when that one dies or leaves, another goes on with it.
 * 2. A run that waits is held by no process; any of them takes what it is told, and wakes it.
 * 3. `drain` accepts no more and waits for what is under way; `close` lets go of the rest, which others take over at once.
 */
import { Pools, runEnded, runMissing, type CallPort } from '@switchyard/engine/adapters';
import { Ears, openDbos, topicOf, type DbosEngine, type DbosEngineOptions, type RunLife } from '@switchyard/engine/adapters/dbos';
import { cancelSignal, type JournalEntry, type Registry } from '@switchyard/engine';
import { answerSignal, FailureError, failure, type Answer, type Json, type OpenWait, type RunEvent, type RunResult } from '@switchyard/shared';
import { checkAnswer, checkSignalName, questionMissing } from './check-answer.ts';
import { liveOnce } from './distributed-life.ts';
import type { Runner, RunRequest, RunSummary, StoredRun } from './runner-interface.ts';
import { newRunId } from './run-id.ts';
import { resultOf } from './runner.ts';
import { recordingOn, seededPlan, seedFrom } from './seeding.ts';
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
const wakeEveryMs = 1000;
const unstartedEveryMs = 5000;

/** Resolves once this process is one of those on the database. */
export async function openDistributedRunner(options: DistributedRunnerOptions): Promise<DistributedRunner> {
  const { registry, host, redactor, ...rest } = options;
  const held = new Set<CallPort>();
  const underWay = new Map<string, UnderWay>();
  let pools: Pools | undefined;
  const engine = await openDbos({
    ...rest,
    host,
    redactor,
    execute: async (of, run, life) => {
      pools ??= new Pools((pool) => of.host.pool(pool));
      const under: UnderWay = Promise.withResolvers();
      underWay.set(run, under);
      const leave = (result?: RunResult) => {
        if (underWay.get(run) === under) underWay.delete(run);
        under.resolve(result);
      };
      // A life that another process took over does not come to its end here.
      life.signal.addEventListener('abort', () => leave(), { once: true });
      try {
        leave(await liveOnce({ engine: of, registry, pools, redactor, held, log: options.log }, run, life));
      } finally {
        leave();
      }
    },
  });
  return new PostgresRunner(engine, { held, underWay }, options);
}

/** A run that is executed here: how it ended, once that is on disk; undefined where it did not end in this life. */
type UnderWay = PromiseWithResolvers<RunResult | undefined>;

class PostgresRunner implements DistributedRunner {
  readonly #engine: DbosEngine;
  readonly #held: Set<CallPort>;
  /** Runs that are executed here. */
  readonly #underWay: ReadonlyMap<string, UnderWay>;
  readonly #options: DistributedRunnerOptions;
  readonly #timers: ReturnType<typeof setInterval>[];
  #waking: Promise<void> | undefined;
  #isLeaving = false;

  constructor(engine: DbosEngine, { held, underWay }: { held: Set<CallPort>; underWay: ReadonlyMap<string, UnderWay> }, options: DistributedRunnerOptions) {
    this.#engine = engine;
    this.#held = held;
    this.#underWay = underWay;
    this.#options = options;
    this.#timers = [setInterval(() => void this.#startUnstarted(), unstartedEveryMs), setInterval(() => this.#wakeDue(), wakeEveryMs)];
  }

  async start(request: RunRequest): Promise<{ run: string }> {
    if (this.#isLeaving)
      throw new FailureError(failure('server-leaving', 'This server is stopping and takes no more runs. Ask again: another one answers.', { retry: 'policy' }));
    const run = request.run ?? newRunId();
    const { flow, flowId, seed } = request;
    const { redactor, registry } = this.#options;
    const redact = redactor();
    const plan = seed ? seededPlan(request.plan, seed, registry) : request.plan;
    const planned = { plan, inputs: redact(request.inputs), ...(seed && { seed: redact(seed) }) };
    // Refused now rather than in its first life, which looks again.
    if (seed?.of !== undefined) seedFrom(await recordingOn(this, seed.of), planned, registry);
    await this.#begin({ run, flow, ...planned, status: 'running', startedAt: Date.now(), ...(flowId !== undefined && { flowId }) });
    return { run };
  }

  /** Listening begins before anybody can know of the run. */
  async #begin(stored: StoredRun): Promise<void> {
    const { runs, process, notices } = this.#engine;
    const ears = new Ears(notices, stored.run);
    let life: RunLife | undefined;
    let hasBegun = false;
    try {
      life = await runs.create(stored);
      hasBegun = await process.start(stored.run, { life, ears });
    } catch (error) {
      if (life) await runs.remove(life);
      throw error;
    } finally {
      if (!hasBegun) ears.close();
    }
  }

  async cancel(run: string): Promise<boolean> {
    try {
      await this.#tell(run, cancelSignal, null);
      return true;
    } catch (error) {
      if (error instanceof FailureError) return false;
      throw error;
    }
  }

  questions(filter: { run?: string; limit?: number } = {}): Promise<OpenWait[]> {
    return this.#engine.runs.waits.list(filter);
  }

  async answer(run: string, key: string, answer: Answer): Promise<boolean> {
    const { waits } = this.#engine.runs;
    const question = (await waits.list({ run, limit: 10_000 })).find((wait) => wait.key === key);
    if (question) checkAnswer(question.ask, answer);
    const payload = this.#options.redactor()(answer as unknown as Json);
    if (question) return await this.#tell(run, answerSignal(key), payload);
    if ((await waits.signals(run)).has(answerSignal(key))) return false;
    const status = await this.#engine.runs.status(run);
    if (status === undefined) throw new FailureError(runMissing(run));
    if (status !== 'running' && status !== 'waiting') throw new FailureError(runEnded(run));
    throw questionMissing(run, key);
  }

  async signal(run: string, name: string, payload: Json): Promise<boolean> {
    checkSignalName(name);
    return await this.#tell(run, name, this.#options.redactor()(payload));
  }

  journal(run: string): Promise<JournalEntry[]> {
    return this.#engine.process.journal(run);
  }

  get(run: string): Promise<StoredRun | undefined> {
    return this.#engine.runs.get(run);
  }

  list(page: { flowId?: string; limit: number; before?: string }): Promise<RunSummary[]> {
    return this.#engine.runs.list(page);
  }

  events(run: string, after: number, limit: number, length?: number): Promise<RunEvent[]> {
    return this.#engine.runs.events(run, after, limit, length);
  }

  watch(run: string, after: number, signal: AbortSignal): AsyncIterable<RunEvent[]> {
    return watchStored(this.#engine, { run, after }, signal);
  }

  async result(run: string): Promise<RunResult> {
    return (await this.#underWay.get(run)?.promise) ?? (await this.#storedResult(run));
  }

  async #storedResult(run: string): Promise<RunResult> {
    let wake = () => {};
    const unlisten = this.#engine.notices.listen(topicOf(run), (body) => {
      if (typeof body === 'object' && body !== null && 'isOver' in body) wake();
    });
    try {
      for (;;) {
        const stored = await this.#engine.runs.summary(run);
        if (!stored) throw new FailureError(failure('run-missing', `No run with the id "${run}" is kept here. List the runs to see which there are.`));
        if (stored.status !== 'running') return resultOf(stored);
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
    for (const timer of this.#timers) clearInterval(timer);
    await this.#waking;
    for (const port of this.#held) port.close();
    this.#held.clear();
    await this.#engine.runs.flush();
    await this.#engine.close();
  }

  async #tell(run: string, name: string, payload: Json): Promise<boolean> {
    const isNew = await this.#engine.runs.waits.keepSignal(run, name, payload);
    this.#wakeDue();
    return isNew;
  }

  /** Gives waiting runs that are due to any process that executes runs. */
  #wakeDue(): void {
    if (this.#isLeaving) return;
    const wake = async () => {
      const { runs, process } = this.#engine;
      await process.takeOver((await runs.waits.due()).map((id) => ({ id, queue: undefined })));
    };
    this.#waking = (this.#waking ?? Promise.resolve())
      .then(wake)
      .catch((error: unknown) => this.#options.log.warn(`Looking for runs to be woken failed: ${(error as Error).message}`));
  }

  /** Runs that a process accepted and did not live to start. Starting one twice is one start. */
  async #startUnstarted(): Promise<void> {
    try {
      for (const run of await this.#engine.runs.unstarted()) await this.#engine.process.start(run);
      await this.#engine.process.takeOver((await this.#engine.runs.stranded()).map((id) => ({ id, queue: undefined })));
    } catch (error) {
      this.#options.log.warn(`Looking for runs that were not started failed: ${(error as Error).message}`);
    }
  }
}
