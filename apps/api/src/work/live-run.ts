/**
 * One run while this process holds it: stamps its events, keeps them for watchers, and ends it.
 *
 * 1. Every event gets the next seq, and a time that never goes back.
 * 2. A watcher gets what is kept first, then what happens, without a gap. Streamed text is kept only until its call ends.
 * 3. The end is durable before anyone is told of it. Where it could not be recorded, what is told is that, as the run's failure: the store then still
 *    has the run as under way, and the next start goes on with it.
 * 4. With a store, its events are there and not here: what a run holds in memory does not grow with what it tells.
 * 5. A run that only waits may be let go of: that is its end here, told as `waiting`, and its rows say what wakes it. What it asks stands in the store
 *    from the moment it asks until it is answered.
 */
import { createCallPort, timeOf, withUnusedEdits, type CallPort, type Pools, type Redact, type RunStore, type StoredRun } from '@switchyard/engine/adapters';
import type { Host, Registry, Seed } from '@switchyard/engine';
import { runPlan } from '@switchyard/engine/run';
import { sizeOf } from './event-size.ts';
import {
  askOf,
  FailureError,
  noUsage,
  toFailure,
  type Json,
  type JsonObject,
  type OpenWait,
  type RunEvent,
  type RunEventBody,
  type RunResult,
} from '@switchyard/shared';

export interface LiveRunOptions {
  registry: Registry;
  host: Host;
  pools: Pools;
  redact: Redact;
  store?: RunStore;
  /** Whether the store holds a journal of an earlier life of the run. */
  isResumed: boolean;
  /** When the run is let go of while it waits; absent, never. */
  parks?: 'asked' | 'always';
  /** Results laid under the run, or why it cannot go on without them. */
  seed?: Seed | FailureError;
}

type Listener = (event: RunEvent, size: number) => void;
type End = Extract<RunEvent, { type: 'run-end' }>;

export class LiveRun {
  readonly run: StoredRun;
  readonly result: Promise<RunResult>;
  readonly #options: LiveRunOptions;
  readonly #port: CallPort;
  /** Only without a store. */
  readonly #kept: RunEvent[] = [];
  /** Streamed text of calls under way, by key. */
  readonly #streaming = new Map<string, RunEvent[]>();
  readonly #listeners = new Set<Listener>();
  readonly #closeListeners = new Set<() => void>();
  readonly #questions = new Map<string, OpenWait>();
  /** Since when questions that are asked anew have been open. */
  readonly #askedSince = new Map<string, number>();
  /** Names of kept signals that this life knows of. */
  readonly #heard: Set<string>;
  #nextSeq: number;
  /** Of the latest event that is kept. */
  #lastKept = -1;
  /** As it was told. */
  #ended: End | undefined;
  /** Of the latest event; undefined at first, so that events of one moment share one number in memory. */
  #lastAt: number | undefined = undefined;
  #isClosed = false;
  #isUnrecorded = false;

  constructor(run: StoredRun, options: LiveRunOptions) {
    this.run = run;
    this.#options = options;
    const { store, isResumed, host, pools, redact, parks, seed } = options;
    const signals = isResumed ? store?.waits.signals(run.run) : undefined;
    this.#heard = new Set(signals?.keys());
    this.#nextSeq = isResumed && store ? store.lastSeq(run.run) + 1 : 0;
    if (isResumed && store) this.#takeUp(store);
    this.#port = createCallPort({
      run: run.run,
      startedAt: run.startedAt,
      host,
      pools,
      redact,
      emit: (event, at) => this.#emit(event, at),
      ...(store && { journal: store.journal(run.run) }),
      ...(store && isResumed && { recorded: store.recorded(run.run) }),
      ...(signals && { signals }),
      ...(parks && { parks }),
      ...(seed && !(seed instanceof FailureError) && { seed }),
    });
    this.result = this.#run();
  }

  /** Whether the store does not know of its end. */
  get isUnrecorded(): boolean {
    return this.#isUnrecorded;
  }

  /** Questions that are open, oldest first. */
  get questions(): OpenWait[] {
    return [...this.#questions.values()];
  }

  /** False where this life hears nothing any more. `isKept`: it stands in the store for lives to come. */
  signal(name: string, payload: Json, isKept: boolean): boolean {
    try {
      this.#port.signal(name, payload);
    } catch (error) {
      if (error instanceof FailureError) return false;
      throw error;
    }
    if (isKept) this.#heard.add(name);
    return true;
  }

  /** Whether its end was told. */
  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Events with a seq above `after`, in order: at most `limit` that are kept, fewer where they come to `length` characters in a store, and the streamed text between them. `isAll`: no more are known now. */
  page(after: number, limit: number, length?: number): { events: RunEvent[]; isAll: boolean } {
    const { store } = this.#options;
    const found = store?.events(this.run.run, after, limit, length) ?? this.#keptAfter(after).slice(0, limit);
    // The end is stored before it is told, and told as it was recorded.
    const kept = found.filter(({ type }) => type !== 'run-end');
    // A store's page of long events may be shorter than it was asked for.
    const isAll = (found.at(-1)?.seq ?? Infinity) >= this.#lastKept || (!store && found.length < limit);
    if (this.#ended && this.#ended.seq > after && isAll) kept.push(this.#ended);
    const last = kept.at(-1)?.seq ?? after;
    const streaming = [...this.#streaming.values()].flat().filter(({ seq }) => seq > after && (isAll || seq < last));
    return { events: streaming.length === 0 ? kept : [...kept, ...streaming].sort((a, b) => a.seq - b.seq), isAll };
  }

  /** Tells every event from now on; the returned function ends that. `onClose` is called when no more will come. */
  listen(listener: Listener, onClose: () => void): () => void {
    this.#listeners.add(listener);
    this.#closeListeners.add(onClose);
    return () => {
      this.#listeners.delete(listener);
      this.#closeListeners.delete(onClose);
    };
  }

  /** Lets go of the run without ending it: its journal stays for the next start. */
  close(): void {
    this.#isClosed = true;
    this.#port.close();
    for (const onClose of this.#closeListeners) onClose();
    this.#listeners.clear();
    this.#closeListeners.clear();
  }

  async #run(): Promise<RunResult> {
    // One turn later, so that whoever started the run can listen from its first event.
    await Promise.resolve();
    const { plan, inputs, run, seed, startedAt } = this.run;
    let end: End | undefined;
    const emit = (body: RunEventBody) => {
      const event = this.#stamp(withUnusedEdits(body, this.#port), timeOf(body, this.#port, startedAt));
      if (event?.type === 'run-end') end = event;
      else if (event) this.#tell(event);
    };
    const options = { run, registry: this.#options.registry, port: this.#port, emit, ...(seed?.pins && { pins: seed.pins }) };
    const refusal = this.#options.seed instanceof FailureError ? this.#options.seed : undefined;
    const result = refusal ? this.#refuse(refusal, emit) : await runPlan(plan, inputs, options);
    if (!end) return result;
    this.#port.close();
    const { status, outputs, failure: cause, usage } = await this.#end(end);
    this.close();
    return { run, status, outputs, usage, ...(cause && { failure: cause }) };
  }

  /** Ends a run that cannot go on, before it begins. */
  #refuse({ failure }: FailureError, emit: (body: RunEventBody) => void): RunResult {
    const { plan, inputs, run } = this.run;
    const ended = { status: 'failed' as const, outputs: {}, failure, usage: { ...noUsage } };
    emit({ type: 'run-start', run, flow: plan.flow, plan: plan.hash, inputs });
    emit({ type: 'run-end', ...ended });
    return { run, ...ended };
  }

  /** The run is held again. */
  #takeUp(store: RunStore): void {
    const { run } = this.run;
    for (const { key, since } of store.waits.list({ run, limit: 10_000 })) this.#askedSince.set(key, since);
    store.waits.wake(run);
    store.forgetEvents(run);
    this.run.status = 'running';
    delete this.run.outputs;
    delete this.run.usage;
  }

  #emit(body: RunEventBody, at?: number): void {
    const event = this.#stamp(body, at ?? Date.now());
    if (event) this.#tell(event);
  }

  /** Nothing once the run has been let go of. */
  #stamp(body: RunEventBody, at: number): RunEvent | undefined {
    if (this.#isClosed) return undefined;
    if (this.#lastAt === undefined || at > this.#lastAt) this.#lastAt = at;
    // An event is made to be told once, so it is stamped rather than copied.
    const event = body as RunEvent;
    event.seq = this.#nextSeq;
    event.at = this.#lastAt;
    this.#nextSeq += 1;
    if (event.type !== 'call-delta') this.#options.store?.appendEvent(this.run.run, event);
    if (event.type === 'wait-start') this.#ask(event);
    else if (event.type === 'wait-end' && this.#questions.delete(event.key)) this.#options.store?.waits.end(this.run.run, event.key);
    return event;
  }

  #ask({ key, task, until, at }: Extract<RunEvent, { type: 'wait-start' }>): void {
    const ask = askOf(until);
    if (!ask) return;
    const { time } = until as JsonObject;
    const asked = { key, task, ask: this.#options.redact(ask), since: this.#askedSince.get(key) ?? at, ...(typeof time === 'number' && { until: time }) };
    this.#questions.set(key, { run: this.run.run, flowName: this.run.flow.name, ...asked });
    this.#options.store?.waits.open(this.run.run, asked);
  }

  #tell(event: RunEvent): void {
    if (event.type === 'call-delta') {
      const before = this.#streaming.get(event.key);
      if (before) before.push(event);
      else this.#streaming.set(event.key, [event]);
    } else {
      if (event.type === 'call-end') this.#streaming.delete(event.key);
      this.#lastKept = event.seq;
      if (event.type === 'run-end') this.#ended = event;
      else if (!this.#options.store) this.#kept.push(event);
    }
    if (this.#listeners.size === 0) return;
    const size = sizeOf(event);
    for (const listener of this.#listeners) listener(event, size);
  }

  #keptAfter(after: number): RunEvent[] {
    const from = this.#kept.findIndex(({ seq }) => seq > after);
    return from < 0 ? [] : this.#kept.slice(from);
  }

  /** Gives the end as it was told. */
  async #end(event: End): Promise<End> {
    const told = await this.#record(event);
    const { status, outputs, failure: cause, usage, at } = told;
    Object.assign(this.run, { status, outputs, usage, ...(status !== 'waiting' && { endedAt: at }), ...(cause && { failure: cause }) });
    if (!this.#isClosed) this.#tell(told);
    return told;
  }

  async #record(event: End): Promise<End> {
    const { status, outputs, failure: cause, usage, at } = event;
    const { store } = this.#options;
    try {
      if (status === 'waiting') await store?.waits.park(this.run.run, { ...this.#port.parked, heard: this.#heard.size, outputs, usage });
      else await store?.finish(this.run.run, { status, outputs, usage, endedAt: at, ...(cause && { failure: cause }) });
      return event;
    } catch (error) {
      this.#isUnrecorded = true;
      return { ...event, status: 'failed', failure: toFailure(error) };
    }
  }
}
