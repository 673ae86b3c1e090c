/** Makes one call with its attempts: a place in its pool, a time limit, streamed text in batches, retries with backoff, events. */
import { FailureError, failure, toFailure, type Failure, type Json, type RunEventBody, type Usage } from '@switchyard/shared';
import type { Host } from '../../host.ts';
import type { Call, CallKey } from '../../port.ts';
import type { Pools } from './pools.ts';

/** Streamed text is told at most this often per call. */
const deltaMs = 50;
/** A service may ask for a pause of at most this long; above it the call fails. */
const longestPauseMs = 120_000;

/** Gives the value with every secret in its strings masked; `stream` masks text that comes in pieces. */
export interface Redact {
  <T>(value: T): T;
  stream?(): { push(text: string): string; end(): string };
}

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

/** Resolves with the outcome of the last attempt; rejects only when `signal` aborts. */
export async function perform(caller: Caller, key: CallKey, call: Call, signal: AbortSignal): Promise<Outcome> {
  for (let attempt = 1; ; attempt += 1) {
    const release = await caller.pools.acquire(call.pool, caller.run, signal);
    let outcome: Outcome;
    try {
      outcome = await performOnce(caller, { key, call, attempt }, signal);
    } finally {
      release();
    }
    signal.throwIfAborted();
    const pause = outcome.failure && pauseBefore(call, attempt, outcome.failure);
    if (pause === undefined) return outcome;
    await sleep(pause, signal);
  }
}

async function performOnce(caller: Caller, asked: { key: CallKey; call: Call; attempt: number }, signal: AbortSignal): Promise<Outcome> {
  const { key, call, attempt } = asked;
  const { emit, redact } = caller;
  const startedAt = Date.now();
  emit({ type: 'call-start', key, task: call.task, kind: call.kind, pool: call.pool, request: call.request, attempt, target: call.target });
  const deltas = bufferDeltas((text, n) => emit({ type: 'call-delta', key, attempt, n, text: redact(text) }));
  const masked = redact.stream?.();
  const timeout = AbortSignal.timeout(call.timeoutMs);
  let outcome: Pick<Outcome, 'result' | 'failure' | 'usage'>;
  try {
    const { result, usage } = await caller.host.perform(call, {
      signal: AbortSignal.any([signal, timeout]),
      onDelta: (text) => deltas.push(masked ? masked.push(text) : text),
    });
    outcome = { result: redact(result), ...(usage && { usage }) };
  } catch (error) {
    const cause = toFailure(error);
    // A performer that was cut off by the time limit may say more of it than we can, such as that trying again is no use.
    const isOurTimeout = timeout.aborted && !signal.aborted && (!(error instanceof FailureError) || cause.code === 'cancelled');
    outcome = { failure: redact(isOurTimeout ? timedOut(call) : cause) };
  }
  if (masked) deltas.push(masked.end());
  deltas.end();
  const endedAt = Date.now();
  if (!signal.aborted)
    emit({ type: 'call-end', key, attempt, ...outcome, ...(outcome.usage && { usage: wholeUsage(outcome.usage) }), ms: endedAt - startedAt } as RunEventBody);
  return { ...outcome, attempt, startedAt, endedAt };
}

/** How long to wait before the next attempt; undefined where there is none. */
function pauseBefore(call: Call, attempt: number, cause: Failure): number | undefined {
  if (attempt >= call.retry.attempts || cause.retry === 'never') return undefined;
  if (cause.retry !== 'policy') return cause.retry.afterMs <= longestPauseMs ? cause.retry.afterMs : undefined;
  const backoff = Math.min(call.retry.maxMs, call.retry.baseMs * 2 ** (attempt - 1));
  return backoff * (0.75 + Math.random() / 2);
}

function timedOut(call: Call): Failure {
  return new FailureError(
    failure(
      'timeout',
      `The ${call.kind} call to "${call.target.node}" (${call.pool}) got no complete answer within ${call.timeoutMs / 1000} s. See whether the service is up, or give it less to do.`,
      { retry: 'policy' },
    ),
  ).failure;
}

export function wholeUsage(usage: Partial<Usage>): Usage {
  return { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0, ...usage };
}

function bufferDeltas(tell: (text: string, n: number) => void) {
  let text = '';
  let n = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    if (text === '') return;
    const told = text;
    text = '';
    tell(told, n);
    n += 1;
  };
  return {
    push(more: string) {
      text += more;
      // The first words show at once; later ones in batches.
      if (n === 0) flush();
      else timer ??= setTimeout(flush, deltaMs);
    },
    end() {
      clearTimeout(timer);
      flush();
    },
  };
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
}
