/**
 * One call with its attempts: a place in its pool, a time limit, streamed text in batches, retries with backoff, events.
 *
 * 1. `done` is called once, with the outcome of the last attempt; never after `abort`.
 * 2. An attempt ends when the performer settles or its time is up, whichever comes first; its place in the pool is given back when the performer settles.
 * 3. Nothing is made before it is needed: a call that never streams has no buffer, one whose performer looks at no signal has none.
 */
import { failure, toFailure, type Failure, type Json, type RunEventBody, type Usage } from '@switchyard/shared';
import type { Host, Performed, PerformScope } from '../../host.ts';
import type { Call, CallKey } from '../../port.ts';
import { DeltaBuffer } from './delta-buffer.ts';
import type { Pools } from './pools.ts';

/** A service may ask for a pause of at most this long; above it the call fails. */
const longestPauseMs = 120_000;
/** A longer timer would fire at once in Node; no attempt takes that long. */
const longestTimerMs = 2 ** 31 - 1;

/** Gives the value with every secret in its strings masked. */
export type Redact = <T>(value: T) => T;

export interface Caller {
  run: string;
  host: Host;
  pools: Pools;
  /** Masks the workspace's secrets in anything that leaves the host. */
  redact: Redact;
  emit(event: RunEventBody): void;
}

export interface Outcome {
  result?: Json;
  failure?: Failure;
  usage?: Partial<Usage>;
  attempt: number;
  startedAt: number;
  endedAt: number;
}

interface SignalSource {
  controller?: AbortController;
}

type Ended = Pick<Outcome, 'result' | 'failure' | 'usage'>;

export class CallInFlight {
  readonly #caller: Caller;
  readonly #key: CallKey;
  readonly #call: Call;
  readonly #done: (outcome: Outcome) => void;
  #attempt = 0;
  #isAborted = false;
  /** Of the attempt, or of the wait for a place; its controller is made when someone asks for the signal. */
  #source: SignalSource = {};
  /** Of the time limit, or of the pause before the next attempt. */
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Begins at once where the pool has a place. */
  constructor(caller: Caller, asked: { key: CallKey; call: Call }, done: (outcome: Outcome) => void) {
    this.#caller = caller;
    this.#key = asked.key;
    this.#call = asked.call;
    this.#done = done;
    this.#enter();
  }

  abort(): void {
    this.#isAborted = true;
    clearTimeout(this.#timer);
    this.#source.controller?.abort(new Error('cancelled'));
  }

  #enter(): void {
    const { pools, run } = this.#caller;
    const release = pools.tryAcquire(this.#call.pool);
    if (release) return this.#perform(release);
    this.#source = {};
    pools.acquire(this.#call.pool, run, this.#signalOf(this.#source)).then(
      (late) => (this.#isAborted ? late() : this.#perform(late)),
      () => undefined,
    );
  }

  #perform(release: () => void): void {
    const call = this.#call;
    const { emit, host, redact } = this.#caller;
    const startedAt = Date.now();
    this.#attempt += 1;
    const attempt = this.#attempt;
    const source: SignalSource = {};
    this.#source = source;
    emit({ type: 'call-start', key: this.#key, task: call.task, kind: call.kind, pool: call.pool, request: call.request, attempt, target: call.target });
    let deltas: DeltaBuffer | undefined;
    let isOver = false;
    const end = (ended: () => Ended) => {
      if (isOver || this.#isAborted) return;
      isOver = true;
      clearTimeout(this.#timer);
      deltas?.end();
      this.#endAttempt(ended(), startedAt);
    };
    const scope = this.#scope(source, (text) => {
      if (isOver || this.#isAborted) return;
      deltas ??= new DeltaBuffer((told, n) => emit({ type: 'call-delta', key: this.#key, attempt, n, text: redact(told) }));
      deltas.push(text);
    });
    this.#timer = setTimeout(() => {
      end(() => ({ failure: timedOut(call) }));
      source.controller?.abort(new DOMException('The time is up', 'TimeoutError'));
    }, Math.min(call.timeoutMs, longestTimerMs));
    performed(host, call, scope).then(
      ({ result, usage }) => {
        release();
        end(() => ({ result: redact(result), ...(usage && { usage }) }));
      },
      (error: unknown) => {
        release();
        end(() => ({ failure: redact(toFailure(error)) }));
      },
    );
  }

  #endAttempt(ended: Ended, startedAt: number): void {
    const endedAt = Date.now();
    const attempt = this.#attempt;
    this.#caller.emit({ type: 'call-end', key: this.#key, attempt, ...ended, ...(ended.usage && { usage: wholeUsage(ended.usage) }), ms: endedAt - startedAt } as RunEventBody);
    const pause = ended.failure && pauseBefore(this.#call, attempt, ended.failure);
    if (pause === undefined) this.#done({ ...ended, attempt, startedAt, endedAt });
    else this.#timer = setTimeout(() => this.#enter(), pause);
  }

  /** A performer that never looks at its signal costs none. */
  #scope(source: SignalSource, onDelta: (text: string) => void): PerformScope {
    const signal = () => this.#signalOf(source);
    return {
      get signal() {
        return signal();
      },
      onDelta,
    };
  }

  #signalOf(source: SignalSource): AbortSignal {
    source.controller ??= new AbortController();
    if (this.#isAborted) source.controller.abort(new Error('cancelled'));
    return source.controller.signal;
  }
}

/** What a performer throws before it gives a promise is a failure like any other. */
function performed(host: Host, call: Call, scope: PerformScope): Promise<Performed> {
  try {
    return host.perform(call, scope);
  } catch (error) {
    return Promise.reject(error as Error);
  }
}

/** How long to wait before the next attempt; undefined where there is none. */
function pauseBefore({ retry }: Call, attempt: number, cause: Failure): number | undefined {
  if (attempt >= retry.attempts) return undefined;
  if (retry.on ? !retry.on.includes(cause.code) : cause.retry === 'never') return undefined;
  if (typeof cause.retry === 'object') return cause.retry.afterMs <= longestPauseMs ? cause.retry.afterMs : undefined;
  const backoff = Math.min(retry.maxMs, retry.baseMs * 2 ** (attempt - 1));
  return backoff * (0.75 + Math.random() / 2);
}

function timedOut(call: Call): Failure {
  return failure('timeout', `The ${call.kind} call to "${call.target.node}" (${call.pool}) got no complete answer within ${call.timeoutMs / 1000} s. See whether the service is up, or give it less to do.`, { retry: 'policy' });
}

export function wholeUsage(usage: Partial<Usage>): Usage {
  return { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0, ...usage };
}
