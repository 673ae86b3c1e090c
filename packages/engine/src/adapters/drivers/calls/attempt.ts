/**
 * One attempt at a call: it is performed within a time limit, streamed text is told in batches, and what happens is told as events.
 *
 * 1. It ends once, when the performer settles; never after `abort`. When its time is up the performer is told by its signal and may say more of it
 *    than is known here; one that does not look at the signal, or does not settle soon, is waited for no longer.
 * 2. Its place in the pool is given back when the performer settles, in any case.
 * 3. Nothing is made before it is needed: a call that never streams has no buffer, one whose performer looks at no signal has none.
 */
import { failure, FailureError, toFailure, type Failure, type Json, type RunEventBody, type Usage } from '@switchyard/shared';
import { AbortSource } from './abort-source.ts';
import type { Host, Performed, PerformScope } from '../../../host.ts';
import type { Call, CallKey } from '../../../port.ts';
import { DeltaBuffer, type TextMask } from './delta-buffer.ts';
import type { Place, Pools } from './pools.ts';
import type { TimeLimit } from './time-limits.ts';

/** How long a performer may take to end once its time is up. */
const graceMs = 5000;

/** Gives the value with every secret in its strings masked; `stream` masks text that comes in pieces. */
export interface Redact {
  <T>(value: T): T;
  stream?(): TextMask;
}

export interface Caller {
  run: string;
  host: Host;
  pools: Pools;
  /** Masks the workspace's secrets in anything that leaves the host. */
  redact: Redact;
  emit(event: RunEventBody): void;
}

/** Every outcome has the same shape: there are five of them in the smallest run of an agent. */
export interface Outcome {
  result: Json | undefined;
  failure: Failure | undefined;
  usage: Partial<Usage> | undefined;
  attempt: number;
  startedAt: number;
  endedAt: number;
}

/** Whoever wants the outcome. */
export interface Asker {
  readonly key: CallKey;
  readonly call: Call;
  /** Called once; never after `abort`. */
  attemptEnded(outcome: Outcome): void;
}

export class Attempt implements PerformScope {
  readonly #caller: Caller;
  readonly #asker: Asker;
  readonly #number: number;
  readonly #startedAt = Date.now();
  #onDelta: ((text: string) => void) | undefined;
  #deltas: DeltaBuffer | undefined;
  #controller: AbortController | undefined;
  #aborting: AbortSource | undefined;
  #isOver = false;
  #isAborted = false;
  #isOutOfTime = false;
  #limit: TimeLimit | undefined;

  /** The `number`th one, from 1. */
  constructor(caller: Caller, asker: Asker, number: number) {
    this.#caller = caller;
    this.#asker = asker;
    this.#number = number;
  }

  /** Made when a performer looks at it. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isAborted) this.#controller.abort(new Error('cancelled'));
    return this.#controller.signal;
  }

  /** Made when a performer looks at it. */
  get aborting(): AbortSource {
    this.#aborting ??= new AbortSource();
    if (this.#isAborted) this.#aborting.abort(new Error('cancelled'));
    return this.#aborting;
  }

  get endsAt(): number {
    return this.#startedAt + this.#asker.call.timeoutMs;
  }

  /** Bound, since performers take their scope apart. */
  get onDelta(): (text: string) => void {
    this.#onDelta ??= (text) => this.#stream(text);
    return this.#onDelta;
  }

  #stream(text: string): void {
    if (this.#isOver) return;
    const { emit, redact } = this.#caller;
    this.#deltas ??= new DeltaBuffer(
      (told, n) => emit({ type: 'call-delta', key: this.#asker.key, attempt: this.#number, n, text: redact(told) }),
      redact.stream?.(),
    );
    this.#deltas.push(text);
  }

  begin(place: Place): void {
    const { key, call } = this.#asker;
    const { emit, host, pools, redact } = this.#caller;
    const { task, kind, pool, request, target } = call;
    emit({ type: 'call-start', key, task, kind, pool, request, attempt: this.#number, target, seq: undefined, at: undefined });
    this.#limit = pools.timeLimits.begin(call.timeoutMs, this);
    performed(host, call, this).then(
      ({ result, usage }) => {
        if (!this.#isOver) this.#end(redact(result), undefined, usage);
        pools.leave(place);
      },
      (error: unknown) => {
        if (!this.#isOver) this.#end(undefined, redact(this.#causeOf(error)), undefined);
        pools.leave(place);
      },
    );
  }

  abort(): void {
    this.#isOver = true;
    this.#isAborted = true;
    this.#endLimit();
    this.#cutOff(new Error('cancelled'));
  }

  outOfTime(): void {
    if (this.#isOver) return;
    if ((!this.#controller && !this.#aborting) || this.#isOutOfTime) {
      this.#end(undefined, timedOut(this.#asker.call), undefined);
      return;
    }
    this.#isOutOfTime = true;
    this.#limit = this.#caller.pools.timeLimits.begin(graceMs, this);
    this.#cutOff(new DOMException('The time is up', 'TimeoutError'));
  }

  #cutOff(reason: unknown): void {
    this.#aborting?.abort(reason);
    this.#controller?.abort(reason);
  }

  /** A performer that was cut off may say why trying again is no use; that it was cut off is better said here. */
  #causeOf(error: unknown): Failure {
    const cause = toFailure(error);
    return this.#isOutOfTime && (!(error instanceof FailureError) || cause.code === 'cancelled') ? timedOut(this.#asker.call) : cause;
  }

  #end(result: Json | undefined, cause: Failure | undefined, usage: Partial<Usage> | undefined): void {
    this.#deltas?.end();
    this.#isOver = true;
    this.#endLimit();
    const endedAt = Date.now();
    const { key } = this.#asker;
    const attempt = this.#number;
    const ms = endedAt - this.#startedAt;
    if (cause) this.#caller.emit({ type: 'call-end', key, attempt, failure: cause, ms });
    else if (usage) this.#caller.emit({ type: 'call-end', key, attempt, result: result as Json, usage: wholeUsage(usage), ms, seq: undefined, at: undefined });
    else this.#caller.emit({ type: 'call-end', key, attempt, result: result as Json, ms, seq: undefined, at: undefined });
    this.#asker.attemptEnded({ result, failure: cause, usage, attempt, startedAt: this.#startedAt, endedAt });
  }

  #endLimit(): void {
    if (this.#limit) this.#caller.pools.timeLimits.end(this.#limit);
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

function timedOut(call: Call): Failure {
  return failure(
    'timeout',
    `The ${call.kind} call to "${call.target.node}" (${call.pool}) got no complete answer within ${call.timeoutMs / 1000} s. See whether the service is up, or give it less to do.`,
    { retry: 'policy' },
  );
}

export function wholeUsage(usage: Partial<Usage>): Usage {
  return { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0, ...usage };
}
