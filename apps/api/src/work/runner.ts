/**
 * The embedded runner: runs of this process, durable where it is given a store.
 *
 * 1. `start` resolves after the commit, but the run does not wait for it: its first reads are made meanwhile. A write is not, since its intent stands
 *    behind the run itself in the store's order. A run that was not accepted is let go of, and nobody is told its id.
 * 2. A run whose end could not be recorded is remembered here as it ended; the store has it as under way, for the next start.
 * 3. A run that waits is let go of where a store holds it, and goes on in a new life when it is told something, or its time comes.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { cancelSignal, type JournalEntry, type Seed } from '@switchyard/engine';
import { Pools, runEnded, runMissing, TransientMap, type Redact } from '@switchyard/engine/adapters';
import { answerSignal, failure, FailureError, noUsage, type Answer, type Json, type OpenWait, type RunEvent, type RunResult } from '@switchyard/shared';
import { checkAnswer, checkSignalName, questionMissing } from './check-answer.ts';
import { batchesOf, lastOf } from './event-batches.ts';
import { watchedLength } from './event-size.ts';
import { LiveRun } from './live-run.ts';
import { ParkedRuns } from './parked-runs.ts';
import { newRunId } from './run-id.ts';
import { recordingIn, seededPlan, seedFrom } from './seeding.ts';
import { watchLive } from './watch-live.ts';
import type { OwnHost, RunnerOptions } from './runner-options.ts';
import type { LocalRunner, RunRequest, RunSummary, StoredRun } from './runner-interface.ts';

interface Beginning {
  redact: Redact;
  isResumed: boolean;
  seed?: Seed | FailureError;
  own?: OwnHost;
}

const eventsPerPage = 1000;
/** Ended runs that a runner without a store remembers. Of 100, most outlived a collection of the young, and copying them was a twentieth of all CPU. */
const rememberedRuns = 20;

export function createRunner(options: RunnerOptions): LocalRunner {
  return new EmbeddedRunner(options);
}

class EmbeddedRunner implements LocalRunner {
  readonly #options: RunnerOptions;
  readonly #pools: Pools;
  readonly #live = new TransientMap<LiveRun>();
  /** Ended runs that no store knows to have ended, oldest first. */
  readonly #ended = new TransientMap<LiveRun>();
  readonly #parked: ParkedRuns | undefined;
  readonly #owned = new Set<OwnHost>();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#pools = new Pools((pool) => options.host.pool(pool));
    const { store, wakes } = options;
    this.#parked = store && new ParkedRuns(store, (run) => this.#wake(run), wakes?.onTrouble ?? (() => {}));
    if (wakes) this.#parked?.schedule();
  }

  async start(request: RunRequest): Promise<{ run: string }> {
    const run = request.run ?? newRunId();
    if (request.run !== undefined && this.get(run))
      throw new FailureError(failure('run-exists', `A run with the id "${run}" is there already. Choose another id, or resume it.`));
    const redact = this.#options.redactor();
    const { flow, flowId, seed } = request;
    const plan = seed ? seededPlan(request.plan, seed, this.#options.registry) : request.plan;
    const stored: StoredRun = {
      run,
      flow,
      plan,
      inputs: redact(request.inputs),
      status: 'running',
      startedAt: Date.now(),
      ...(flowId !== undefined && { flowId }),
      ...(seed && { seed: redact(seed) }),
    };
    const laid = this.#seedOf(stored);
    const accepted = this.#options.store?.create(stored);
    const live = this.#begin(stored, { redact, isResumed: false, ...(laid && { seed: laid }) });
    try {
      await accepted;
    } catch (error) {
      live.close();
      this.#live.delete(run);
      throw error;
    }
    return { run };
  }

  async cancel(run: string): Promise<boolean> {
    const live = this.#live.get(run);
    if (live?.signal(cancelSignal, null, false)) return true;
    // It is about to end, or to be let go of.
    await live?.result.catch(() => undefined);
    if (this.#options.store?.status(run) !== 'waiting') return false;
    await this.#tell(run, cancelSignal, null);
    return true;
  }

  questions({ run, limit = 200 }: { run?: string; limit?: number } = {}): OpenWait[] {
    const { store } = this.#options;
    store?.flush();
    if (store) return store.waits.list({ ...(run !== undefined && { run }), limit });
    const asked = this.#live.values().flatMap(({ questions }) => questions);
    return asked
      .filter((wait) => run === undefined || wait.run === run)
      .sort((a, b) => a.since - b.since)
      .slice(0, limit);
  }

  async answer(run: string, key: string, answer: Answer): Promise<boolean> {
    const question = this.questions({ run, limit: 10_000 }).find((wait) => wait.key === key);
    if (question) checkAnswer(question.ask, answer);
    else this.#checkAnswered(run, key);
    return await this.#tell(run, answerSignal(key), this.#options.redactor()(answer as unknown as Json));
  }

  async signal(run: string, name: string, payload: Json): Promise<boolean> {
    checkSignalName(name);
    return await this.#tell(run, name, this.#options.redactor()(payload));
  }

  get(run: string): StoredRun | undefined {
    return this.#held(run)?.run ?? this.#options.store?.get(run);
  }

  list(page: { flowId?: string; limit: number; before?: string }): RunSummary[] {
    if (this.#options.store) return this.#options.store.list(page);
    const all = [...this.#ended.values(), ...this.#live.values()].map(({ run }) => run).reverse();
    const from = page.before === undefined ? 0 : all.findIndex(({ run }) => run === page.before) + 1;
    const wanted = all.slice(from).filter((run) => page.flowId === undefined || run.flowId === page.flowId);
    return wanted.slice(0, page.limit).map(({ flow, plan: _, ...rest }) => ({ ...rest, flowName: flow.name }));
  }

  events(run: string, after: number, limit: number, length?: number): RunEvent[] {
    const { store } = this.#options;
    // One whose end the store does not have tells it itself.
    const held = store ? this.#ended.get(run) : this.#held(run);
    return held?.page(after, limit, length).events ?? store?.events(run, after, limit, length) ?? [];
  }

  journal(run: string): JournalEntry[] {
    this.#options.store?.flush();
    return this.#options.store?.recorded(run) ?? [];
  }

  async *watch(run: string, after: number, signal: AbortSignal): AsyncGenerator<RunEvent[]> {
    for (let last = after; !signal.aborted; ) {
      const live = this.#live.get(run);
      let latest: RunEvent | undefined;
      for await (const batch of live ? watchLive(live, last, signal) : this.#watchStored(run, last, signal)) {
        latest = lastOf(batch);
        last = latest.seq;
        yield batch;
      }
      if (!this.#parked || this.#parked.isClosed || signal.aborted) return;
      if (live) {
        if (latest?.type !== 'run-end' || latest.status !== 'waiting') return;
        await live.result;
      } else if (this.#options.store?.status(run) !== 'waiting' || !(await this.#parked.goesOn(run, signal))) return;
    }
  }

  async *#watchStored(run: string, after: number, signal: AbortSignal): AsyncGenerator<RunEvent[]> {
    let last = after;
    const next = () => this.events(run, last, eventsPerPage, watchedLength);
    for (let page = next(); page.length > 0; page = next()) {
      for (const batch of batchesOf(page)) {
        if (signal.aborted) return;
        last = lastOf(batch).seq;
        yield batch;
      }
      await nextTurn();
    }
  }

  async result(run: string): Promise<RunResult> {
    const held = this.#held(run);
    if (held) return await held.result;
    return resultOf(this.#stored(run));
  }

  async resume(run: string): Promise<RunResult> {
    const held = this.#held(run);
    if (held) return await held.result;
    const stored = this.#stored(run);
    if (stored.status !== 'running' && stored.status !== 'waiting') return resultOf(stored);
    return await this.#takeUp(stored).result;
  }

  async close(): Promise<void> {
    this.#parked?.close();
    for (const live of this.#live.values()) live.close();
    await Promise.all([...this.#owned].map((own) => own.close(false)));
    this.#owned.clear();
    this.#live.clear();
    this.#ended.clear();
  }

  /** Keeps what the run is told, then lets it hear: in its life of now, or in a new one. */
  async #tell(run: string, name: string, payload: Json): Promise<boolean> {
    const { store } = this.#options;
    if (!store) {
      const live = this.#live.get(run);
      if (!live) throw new FailureError(this.#ended.has(run) ? runEnded(run) : runMissing(run));
      if (!live.signal(name, payload, true)) throw new FailureError(runEnded(run));
      return true;
    }
    const isNew = await store.waits.keepSignal(run, name, payload);
    const live = this.#live.get(run);
    if (live?.signal(name, payload, true)) return isNew;
    // Let go of this very moment: the end of that comes first.
    await live?.result.catch(() => undefined);
    this.#parked?.tryWake(run);
    return isNew;
  }

  /** A question that is not open has been answered, or is not there. */
  #checkAnswered(run: string, key: string): void {
    const { store } = this.#options;
    if (store?.waits.signals(run).has(answerSignal(key))) return;
    const held = this.get(run)?.status;
    if (held === undefined) throw new FailureError(runMissing(run));
    // Its end is on the disk a moment before this process lets go of it.
    for (const status of [held, store?.status(run) ?? held]) if (status !== 'running' && status !== 'waiting') throw new FailureError(runEnded(run));
    throw questionMissing(run, key);
  }

  #wake(run: string): void {
    const { store } = this.#options;
    if (this.#live.has(run) || store?.status(run) !== 'waiting') return;
    this.#takeUp(this.#stored(run)).result.catch(() => undefined);
  }

  /** Begins a further life of the run. */
  #takeUp(stored: StoredRun): LiveRun {
    const own = this.#options.hostOf?.(stored.run);
    let seed: Seed | FailureError | undefined;
    try {
      seed = this.#seedOf(stored);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      seed = error;
    }
    return this.#begin(stored, { redact: this.#options.redactor(), isResumed: true, ...(seed && { seed }), ...(own && { own }) });
  }

  #begin(stored: StoredRun, { redact, isResumed, seed, own }: Beginning): LiveRun {
    const { registry, host, store, parks } = this.#options;
    const live = new LiveRun(stored, {
      registry,
      host: own?.host ?? host,
      pools: own ? new Pools((pool) => own.host.pool(pool)) : this.#pools,
      redact,
      isResumed,
      ...(store && { store }),
      ...(parks && { parks }),
      ...(seed && { seed }),
    });
    this.#live.set(stored.run, live);
    if (own) this.#owned.add(own);
    const end = () => {
      if (own && this.#owned.delete(own)) void own.close(stored.status !== 'waiting' && !live.isUnrecorded);
      if (this.#live.get(stored.run) === live) this.#leave(live);
    };
    live.result.then(end, end);
    this.#parked?.tell(stored.run);
    return live;
  }

  /** The run has ended, or is let go of. */
  #leave(live: LiveRun): void {
    const { run, status } = live.run;
    const { store, wakes } = this.#options;
    this.#live.delete(run);
    if (store && status === 'waiting' && wakes) this.#parked?.schedule();
    if (store && !live.isUnrecorded) return;
    this.#ended.set(run, live);
    if (this.#ended.size > rememberedRuns) this.#ended.deleteOldest();
  }

  #held(run: string): LiveRun | undefined {
    return this.#live.get(run) ?? this.#ended.get(run);
  }

  #stored(run: string): StoredRun {
    const stored = this.#options.store?.get(run);
    if (!stored) throw new FailureError(runMissing(run));
    return stored;
  }

  #seedOf(stored: StoredRun): Seed | undefined {
    const { store, registry } = this.#options;
    const recording = store && stored.seed?.of !== undefined ? recordingIn(store, stored.seed.of) : undefined;
    return seedFrom(recording, stored, registry);
  }
}

/** The result of a run that has ended or waits; throws `run-unfinished` for one that is under way. */
export function resultOf({ run, status, outputs, failure: cause, usage }: Omit<StoredRun, 'flow' | 'plan'>): RunResult {
  if (status === 'running') throw new FailureError(failure('run-unfinished', `The run "${run}" has not ended. Resume it to go on.`));
  return { run, status, outputs: outputs ?? {}, usage: usage ?? { ...noUsage }, ...(cause && { failure: cause }) };
}
