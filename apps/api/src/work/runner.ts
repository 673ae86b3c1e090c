/**
 * The embedded runner: runs of this process, durable where it is given a store.
 *
 * 1. `start` resolves after the commit, but the run does not wait for it: its first reads are made meanwhile. A write is not, since its intent stands
 *    behind the run itself in the store's order. A run that was not accepted is let go of, and nobody is told its id.
 * 2. A run whose end could not be recorded is remembered here as it ended; the store has it as under way, for the next start.
 */
import type { Host, Registry } from '@switchyard/engine';
import { Pools, type Redact, type RunStore } from '@switchyard/engine/adapters';
import { FailureError, failure, type RunEvent, type RunResult } from '@switchyard/shared';
import { LiveRun } from './live-run.ts';
import { newRunId } from './run-id.ts';
import { watchLive } from './watch-live.ts';
import type { LocalRunner, RunRequest, RunSummary, StoredRun } from './runner-interface.ts';

export interface RunnerOptions {
  registry: Registry;
  host: Host;
  /** Made anew for each run, so that it knows the secrets of that moment. */
  redactor(): Redact;
  /** Without a store, runs live and end with this process. */
  store?: RunStore;
}

const eventsPerPage = 1000;
/** Ended runs that a runner without a store remembers. */
const rememberedRuns = 100;

export function createRunner(options: RunnerOptions): LocalRunner {
  return new EmbeddedRunner(options);
}

class EmbeddedRunner implements LocalRunner {
  readonly #options: RunnerOptions;
  readonly #pools: Pools;
  readonly #live = new Map<string, LiveRun>();
  /** Ended runs that no store knows to have ended, oldest first. */
  readonly #ended = new Map<string, LiveRun>();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#pools = new Pools((pool) => options.host.pool(pool));
  }

  async start(request: RunRequest): Promise<{ run: string }> {
    const run = request.run ?? newRunId();
    if (request.run !== undefined && this.get(run))
      throw new FailureError(failure('run-exists', `A run with the id "${run}" is there already. Choose another id, or resume it.`));
    const redact = this.#options.redactor();
    const { flow, flowId, plan } = request;
    const stored: StoredRun = {
      run,
      flow,
      plan,
      inputs: redact(request.inputs),
      status: 'running',
      startedAt: Date.now(),
      ...(flowId !== undefined && { flowId }),
    };
    const accepted = this.#options.store?.create(stored);
    const live = this.#begin(stored, redact, false);
    try {
      await accepted;
    } catch (error) {
      live.close();
      this.#live.delete(run);
      throw error;
    }
    return { run };
  }

  cancel(run: string): boolean {
    const live = this.#live.get(run);
    live?.cancel();
    return live !== undefined;
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

  events(run: string, after: number, limit: number): RunEvent[] {
    const { store } = this.#options;
    // One whose end the store does not have tells it itself.
    const held = store ? this.#ended.get(run) : this.#held(run);
    return held?.page(after, limit).events ?? store?.events(run, after, limit) ?? [];
  }

  watch(run: string, after: number, signal: AbortSignal): AsyncIterable<RunEvent> {
    const live = this.#live.get(run);
    return live ? watchLive(live, after, signal) : this.#watchStored(run, after, signal);
  }

  async *#watchStored(run: string, after: number, signal: AbortSignal): AsyncGenerator<RunEvent> {
    let last = after;
    for (let page = this.events(run, last, eventsPerPage); page.length > 0; page = this.events(run, last, eventsPerPage)) {
      for (const event of page) {
        if (signal.aborted) return;
        last = event.seq;
        yield event;
      }
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
    if (stored.status !== 'running') return resultOf(stored);
    return await this.#begin(stored, this.#options.redactor(), true).result;
  }

  async close(): Promise<void> {
    for (const live of this.#live.values()) live.close();
    this.#live.clear();
    this.#ended.clear();
  }

  #begin(stored: StoredRun, redact: Redact, isResumed: boolean): LiveRun {
    const { registry, host, store } = this.#options;
    const live = new LiveRun(stored, { registry, host, pools: this.#pools, redact, isResumed, ...(store && { store }) });
    this.#live.set(stored.run, live);
    const end = () => {
      if (!this.#live.delete(stored.run)) return;
      if (store && !live.isUnrecorded) return;
      this.#ended.set(stored.run, live);
      for (const oldest of this.#ended.keys()) if (this.#ended.size > rememberedRuns) this.#ended.delete(oldest);
    };
    live.result.then(end, end);
    return live;
  }

  #held(run: string): LiveRun | undefined {
    return this.#live.get(run) ?? this.#ended.get(run);
  }

  #stored(run: string): StoredRun {
    const stored = this.#options.store?.get(run);
    if (!stored) throw new FailureError(failure('run-missing', `No run with the id "${run}" is kept here. List the runs to see which there are.`));
    return stored;
  }
}

/** The result of a run that has ended; throws `run-unfinished` for one that has not. */
export function resultOf({ run, status, outputs, failure: cause, usage }: Omit<StoredRun, 'flow' | 'plan'>): RunResult {
  if (status === 'running' || status === 'waiting') throw new FailureError(failure('run-unfinished', `The run "${run}" has not ended. Resume it to go on.`));
  return {
    run,
    status,
    outputs: outputs ?? {},
    usage: usage ?? { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 },
    ...(cause && { failure: cause }),
  };
}
