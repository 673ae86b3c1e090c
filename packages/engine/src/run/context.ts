/** The Context given to a room: every effect becomes a call with a key, counted against the run's limits. */
import {
  FailureError,
  failure,
  type CallTarget,
  type Catalogue,
  type FetchRequest,
  type FetchResult,
  type FullLimits,
  type Json,
  type ModelRequest,
  type ModelResult,
  type QueryRequest,
  type QueryResult,
  type SandboxRequest,
  type SandboxResult,
} from '@switchyard/shared';
import type { Context, Step } from '../node.ts';
import type { Call, CallKey, RetryPolicy, RunPort } from '../port.ts';
import type { Budget } from './budget.ts';

/** 8-contracts: 3 attempts, backoff from 0.5 s. */
const retried: RetryPolicy = { attempts: 3, baseMs: 500, maxMs: 30_000 };
const once: RetryPolicy = { attempts: 1, baseMs: 0, maxMs: 0 };
const modelTimeoutMs = 300_000;
const dataTimeoutMs = 30_000;
const sandboxTimeoutMs = 10_000;

/** What all contexts of one run share. */
export interface RunScope {
  run: string;
  port: RunPort;
  budget: Budget;
  limits: FullLimits;
  /** Keys that have started, with the task that asked: a second use would silently share the first one's result. */
  keys: Map<CallKey, string>;
}

interface Place {
  key: CallKey;
  task: string;
  target: CallTarget;
  depth: number;
}

/** The context of a task: its calls are keyed by the task's id. */
export function createContext(scope: RunScope, place: Place): Context {
  const { port, budget, limits, keys } = scope;

  function* effect(suffix: string, call: Omit<Call, 'task' | 'target'>): Step<Json> {
    const key = place.key + suffix;
    if (keys.has(key)) throw new Error(`Two calls of this run have the key "${key}"`);
    keys.set(key, place.task);
    if (call.kind === 'model') budget.startModelCall();
    const completion = yield port.start(key, { ...call, task: place.task, target: place.target });
    if (completion.usage) budget.add(completion.usage);
    if (completion.failure) throw new FailureError(completion.failure);
    return completion.result ?? null;
  }

  return {
    key: place.key,
    limits,
    depth: place.depth,
    scope(suffix, target) {
      const depth = place.depth + (target?.isSubAgent ? 1 : 0);
      if (depth > limits.depth) {
        throw new FailureError(
          failure(
            'limit-depth',
            `Control nodes call one another ${depth} deep; the flow's limit is ${limits.depth}. Raise "limits.depth", or let them call the data layer themselves.`,
          ),
        );
      }
      const { isSubAgent: _, ...shown } = target ?? {};
      return createContext(scope, { key: place.key + suffix, task: place.task, target: { ...place.target, ...shown }, depth });
    },
    spend: ({ toolCalls }) => budget.startToolCalls(toolCalls),
    *model(request: ModelRequest, suffix = '') {
      const call = { kind: 'model', pool: `model:${request.model}`, request, effect: 'read', timeoutMs: modelTimeoutMs, retry: retried } as const;
      return (yield* effect(suffix, call)) as unknown as ModelResult;
    },
    *catalogue(connection: string, suffix = '') {
      const call = { kind: 'catalogue', pool: `db:${connection}`, request: { connection }, effect: 'read', timeoutMs: dataTimeoutMs, retry: retried } as const;
      return (yield* effect(suffix, call)) as unknown as Catalogue;
    },
    *query(request: QueryRequest, suffix = '') {
      const retry = request.access === 'read' ? retried : once;
      const call = { kind: 'query', pool: `db:${request.connection}`, request, effect: request.access, timeoutMs: dataTimeoutMs, retry } as const;
      return (yield* effect(suffix, call)) as unknown as QueryResult;
    },
    *fetch(request: FetchRequest, options = {}) {
      const { suffix = '', effect: sort = 'read', isIdempotent = false } = options;
      const call: Omit<Call, 'task' | 'target'> = {
        kind: 'fetch',
        pool: `http:${request.connection}`,
        request,
        effect: sort,
        timeoutMs: dataTimeoutMs,
        retry: sort === 'read' || isIdempotent ? retried : once,
        ...(isIdempotent && { idempotencyKey: `${scope.run}/${place.key}${suffix}` }),
      };
      return (yield* effect(suffix, call)) as unknown as FetchResult;
    },
    *sandbox(request: SandboxRequest, suffix = '') {
      const call = { kind: 'sandbox', pool: 'sandbox', request, effect: 'read', timeoutMs: sandboxTimeoutMs, retry: once } as const;
      return (yield* effect(suffix, call)) as unknown as SandboxResult;
    },
    now: () => port.now(),
    random: () => port.random(),
  };
}
