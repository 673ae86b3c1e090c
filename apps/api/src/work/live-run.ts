/**
 * One run while this process holds it: stamps its events, keeps them for watchers, and ends it.
 *
 * 1. Every event gets the next seq, and a time that never goes back.
 * 2. A watcher gets what is kept first, then what happens, without a gap. Streamed text is kept only until its call ends.
 * 3. The end is durable before anyone is told of it.
 * 4. With a store, its events are there and not here: what a run holds in memory does not grow with what it tells.
 */
import { createCallPort, type CallPort, type Pools, type Redact, type RunStore, type StoredRun } from '@switchyard/engine/adapters';
import type { Host, Registry } from '@switchyard/engine';
import { runPlan } from '@switchyard/engine/run';
import type { RunEvent, RunEventBody, RunResult } from '@switchyard/shared';

export interface LiveRunOptions {
  registry: Registry;
  host: Host;
  pools: Pools;
  redact: Redact;
  store?: RunStore;
  /** Whether the store holds a journal of an earlier life of the run. */
  isResumed: boolean;
}

type Listener = (event: RunEvent) => void;

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
  #nextSeq: number;
  /** Of the latest event that is kept. */
  #lastKept = -1;
  #hasEnded = false;
  #lastAt = 0;
  #isClosed = false;

  constructor(run: StoredRun, options: LiveRunOptions) {
    this.run = run;
    this.#options = options;
    const { store, isResumed, host, pools, redact } = options;
    this.#nextSeq = isResumed && store ? store.lastSeq(run.run) + 1 : 0;
    if (isResumed) store?.forgetEvents(run.run);
    this.#port = createCallPort({
      run: run.run,
      startedAt: run.startedAt,
      host,
      pools,
      redact,
      emit: (event, at) => this.#emit(event, at),
      ...(store && { journal: store.journal(run.run) }),
      ...(store && isResumed && { recorded: store.recorded(run.run) }),
    });
    this.result = this.#run();
  }

  cancel(): void {
    this.#port.signal('cancel');
  }

  /** Whether its end was told. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Events with a seq above `after`, in order: at most `limit` that are kept, and the streamed text between them. `isAll`: no more are known now. */
  page(after: number, limit: number): { events: RunEvent[]; isAll: boolean } {
    const kept = this.#options.store?.events(this.run.run, after, limit) ?? this.#keptAfter(after).slice(0, limit);
    const last = kept.at(-1)?.seq ?? after;
    const isAll = kept.length === 0 || last >= this.#lastKept;
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
    const { plan, inputs, run } = this.run;
    const result = await runPlan(plan, inputs, { run, registry: this.#options.registry, port: this.#port, emit: (event) => this.#emit(event) });
    this.close();
    return result;
  }

  #emit(body: RunEventBody, at?: number): void {
    if (this.#isClosed) return;
    this.#lastAt = Math.max(this.#lastAt, at ?? (this.#port.isReplaying ? this.#port.now() : Date.now()));
    const event = { ...body, seq: this.#nextSeq, at: this.#lastAt } as RunEvent;
    this.#nextSeq += 1;
    if (event.type === 'call-delta') {
      const before = this.#streaming.get(event.key);
      if (before) before.push(event);
      else this.#streaming.set(event.key, [event]);
    } else {
      if (event.type === 'call-end') this.#streaming.delete(event.key);
      this.#lastKept = event.seq;
      if (this.#options.store) this.#options.store.appendEvent(this.run.run, event);
      else this.#kept.push(event);
    }
    if (event.type === 'run-end') this.#end(event);
    for (const listener of this.#listeners) listener(event);
  }

  #keptAfter(after: number): RunEvent[] {
    const from = this.#kept.findIndex(({ seq }) => seq > after);
    return from < 0 ? [] : this.#kept.slice(from);
  }

  #end(event: Extract<RunEvent, { type: 'run-end' }>): void {
    const { status, outputs, failure, usage, at } = event;
    const end = { status, outputs, usage, endedAt: at, ...(failure && { failure }) };
    Object.assign(this.run, end);
    this.#options.store?.finish(this.run.run, end);
    this.#hasEnded = true;
  }
}
