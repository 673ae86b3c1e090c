/**
 * Calls of pools that other processes serve: queued by the process that executes the run, made by one of those that serve the pool.
 *
 * 1. A queued call is a workflow of its own on the pool's queue, with the pool's limits over all processes.
 * 2. A worker that dies leaves its call to another one: a read is made again; a write that is not idempotent fails with `outcome-unknown`.
 * 3. Streamed text and the wish to abort travel as notices; losing one costs no result.
 */
import { randomUUID } from 'node:crypto';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { failure, FailureError, toFailure, type Failure, type Json, type Usage } from '@switchyard/shared';
import type { Host, Performed } from '../../../host.ts';
import type { Call } from '../../../port.ts';
import type { Redact } from '../calls/attempt.ts';
import type { Notices } from './notices.ts';
import { outsideContext } from './step-journal.ts';

export const callWorkflowName = 'call';

export interface CallRequest {
  id: string;
  call: Call;
}

export type CallAnswer = { result: Json; usage?: Partial<Usage> } | { failure: Failure };

/** Makes a queued call; `begin` runs a function once for all processes that try. */
export type ServeCall = (request: CallRequest, begin: (work: () => Promise<string>) => Promise<string>) => Promise<CallAnswer>;

const answerPollMs = 50;
const deltaMs = 50;

/** The queue of a pool. */
export const queueOf = (pool: string): string => `pool/${pool}`;

const topicOf = (id: string): string => `call/${id}`;

/** The host with the calls of some pools made elsewhere: outside the workflow, since a call is no step of the run that asks for it. Those pools' limits are kept by their queues. */
export function queueCalls(host: Host, { pools, notices, version }: { pools: ReadonlySet<string>; notices: Notices; version: string }): Host {
  return {
    pool: (name) => (pools.has(name) ? { concurrency: 1000 } : host.pool(name)),
    perform: (call, scope) => (pools.has(call.pool) ? outsideContext(() => queueCall(call, scope, { notices, version })) : host.perform(call, scope)),
  };
}

async function queueCall(
  call: Call,
  { signal, onDelta }: { signal: AbortSignal; onDelta(text: string): void },
  { notices, version }: { notices: Notices; version: string },
): Promise<Performed> {
  signal.throwIfAborted();
  const id = randomUUID();
  const unlisten = notices.listen(topicOf(id), (body) => {
    if (typeof body === 'object' && body !== null && 'text' in body) onDelta(String(body.text));
  });
  const aborted = Promise.withResolvers<never>();
  const abort = () => {
    aborted.reject(signal.reason as Error);
    void notices.tell(topicOf(id), { abort: true });
    void DBOS.cancelWorkflow(id).catch(() => undefined);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    const request: CallRequest = { id, call };
    const handle = await DBOS.enqueueWorkflowWithOptions<CallAnswer>(
      { queueName: queueOf(call.pool), workflowName: callWorkflowName, workflowID: id, appVersion: version },
      request,
    );
    const answer = await Promise.race([handle.getResult({ pollingIntervalMs: answerPollMs }), aborted.promise]);
    if ('failure' in answer) throw new FailureError(answer.failure);
    return answer;
  } finally {
    unlisten();
    signal.removeEventListener('abort', abort);
    aborted.promise.catch(() => undefined);
  }
}

/** Makes queued calls on a host. */
export function serveCalls({ host, notices, redact, name }: { host: Host; notices: Notices; redact(): Redact; name: string }): ServeCall {
  return async ({ id, call }, begin) => {
    const mask = redact();
    if (call.effect === 'write' && call.idempotencyKey === undefined && (await begin(async () => name)) !== name) return { failure: outcomeUnknown(call) };
    const controller = new AbortController();
    const unlisten = notices.listen(topicOf(id), (body) => {
      if (typeof body === 'object' && body !== null && 'abort' in body) controller.abort(new Error('The run no longer waits for this call'));
    });
    const deltas = batched((text) => void notices.tell(topicOf(id), { text: mask(text) }));
    try {
      const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(call.timeoutMs)]);
      const { result, usage } = await outsideContext(() => host.perform(call, { signal, onDelta: deltas.push }));
      return { result: mask(result), ...(usage && { usage }) };
    } catch (error) {
      return { failure: mask(toFailure(error)) };
    } finally {
      deltas.end();
      unlisten();
    }
  };
}

function batched(tell: (text: string) => void) {
  let text = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (text !== '') tell(text);
    text = '';
  };
  return {
    push(more: string) {
      text += more;
      timer ??= setTimeout(flush, deltaMs);
    },
    end: flush,
  };
}

function outcomeUnknown(call: Call): Failure {
  return failure(
    'outcome-unknown',
    `The write to "${call.target.node}" was under way when the worker that made it stopped; whether it took effect is not known, and it is not repeated. Look at the service it writes to, then run the flow again if needed.`,
  );
}
