/** The Context given to a room: every effect becomes a call with a key, counted against the run's limits. */
import {
  answerSignal,
  FailureError,
  failure,
  type CallTarget,
  type CatalogueRequest,
  type CatalogueScope,
  type ConnectRequest,
  type FetchRequest,
  type FetchResult,
  type Failure,
  type FullLimits,
  type Json,
  type JsonObject,
  type ModelRequest,
  type ModelResult,
  type NodePolicy,
  type QueryRequest,
  type QueryResult,
  type RunEventBody,
  type SandboxRequest,
  type SandboxResult,
} from '@switchyard/shared';
import { askPerson } from '../asking.ts';
import type { Context, Handle, PlanNews, RefusalNews, Step, WaitFor } from '../node.ts';
import type { Call, CallKey, RetryPolicy, Until } from '../port.ts';
import type { Budget } from './budget.ts';
import type { Room } from './room.ts';
import { isOutcomeUnknown, outcomeQuestion, toldResult } from './unknown-outcome.ts';

/** 8-contracts: 3 attempts, backoff from 0.5 s. */
const retried: RetryPolicy = { attempts: 3, baseMs: 500, maxMs: 30_000 };
const once: RetryPolicy = { attempts: 1, baseMs: 0, maxMs: 0 };
const modelTimeoutMs = 300_000;
const dataTimeoutMs = 30_000;
const sandboxTimeoutMs = 10_000;

/** What the contexts of one run do with the run. */
export interface RunScope {
  readonly run: string;
  readonly budget: Budget;
  readonly limits: FullLimits;
  /** The time of the latest completion, ms since the epoch. */
  readonly now: number;
  random(): number;
  emit(event: RunEventBody): void;
  /** Each throws where the key is in use: a second use would silently share the first one's result. */
  call(room: Room, key: CallKey, call: Call): Handle;
  wait(room: Room, key: CallKey, until: Until): Handle;
  begin(room: Room, asked: { flow: string; key: CallKey; inputs: JsonObject; depth: number }): Handle;
}

interface Place {
  key: CallKey;
  target: CallTarget;
  depth: number;
  policy: NodePolicy | undefined;
}

/** The context of a task: its calls are keyed by the task's id. */
export function createContext(scope: RunScope, room: Room, policy: NodePolicy | undefined): Context {
  return new RoomContext(scope, room, { key: room.id, target: { node: room.body.idOf(room.index) }, depth: room.body.depth, policy });
}

interface EffectOptions {
  suffix?: string;
  effect?: 'read' | 'write';
  isIdempotent?: boolean;
}

type Ask = Pick<Call, 'kind' | 'pool' | 'request' | 'effect' | 'timeoutMs'> & { mayRepeat: boolean; idempotencyKey?: string };

class RoomContext implements Context {
  readonly #scope: RunScope;
  readonly #room: Room;
  readonly #place: Place;

  constructor(scope: RunScope, room: Room, place: Place) {
    this.#scope = scope;
    this.#room = room;
    this.#place = place;
  }

  get key(): CallKey {
    return this.#place.key;
  }

  get node(): string {
    return this.#place.target.node;
  }

  get title(): string {
    const { body, index } = this.#room;
    const { tasks, callees } = body.wiring.body;
    return (this.node === body.idOf(index) ? tasks[index]?.title : callees[this.node]?.title) ?? this.node;
  }

  get limits(): FullLimits {
    return this.#scope.limits;
  }

  get depth(): number {
    return this.#place.depth;
  }

  scope(suffix: string, target?: Partial<CallTarget> & { isSubAgent?: true }): Context {
    const { isSubAgent, ...shown } = target ?? {};
    const { limits } = this.#scope;
    const depth = this.#place.depth + (isSubAgent ? 1 : 0);
    if (depth > limits.depth) {
      throw new FailureError(
        failure(
          'limit-depth',
          `Control nodes call one another ${depth} deep; the flow's limit is ${limits.depth}. Raise "limits.depth", or let them call the data layer themselves.`,
        ),
      );
    }
    const policy = shown.node === undefined ? this.#place.policy : this.#room.body.wiring.body.callees[shown.node]?.policy;
    return new RoomContext(this.#scope, this.#room, { key: this.key + suffix, target: { ...this.#place.target, ...shown }, depth, policy });
  }

  spend({ toolCalls }: { toolCalls: number }): void {
    this.#scope.budget.startToolCalls(toolCalls);
  }

  tell(news: PlanNews | RefusalNews): void {
    const { target } = this.#place;
    if (news.type === 'call-refused') {
      const { type, suffix, node = target.node, operation, request, failure: cause } = news;
      this.#scope.emit({ type, task: this.#room.id, key: this.key + suffix, target: { ...target, node, operation }, request, failure: cause });
      return;
    }
    const { type, ...rest } = news;
    const place = { task: this.#room.id, key: this.key, ...(type === 'plan' && { node: target.node }) };
    this.#scope.emit({ type, ...place, ...rest } as RunEventBody);
  }

  *model(request: ModelRequest, suffix = ''): Step<ModelResult> {
    this.#scope.budget.startModelCall();
    const ask: Ask = { kind: 'model', pool: `model:${request.model}`, request, effect: 'read', timeoutMs: modelTimeoutMs, mayRepeat: true };
    return (yield* this.#effect(suffix, ask)) as unknown as ModelResult;
  }

  *catalogue(connection: string, suffix = '', scope: CatalogueScope = {}): Step<Json> {
    const request: CatalogueRequest = { connection, ...scope };
    const ask: Ask = { kind: 'catalogue', pool: `db:${connection}`, request, effect: 'read', timeoutMs: dataTimeoutMs, mayRepeat: true };
    return yield* this.#effect(suffix, ask);
  }

  *query(request: QueryRequest, options: Omit<EffectOptions, 'effect'> = {}): Step<QueryResult> {
    const ask = this.#ask({ kind: 'query', pool: `db:${request.connection}`, request }, { ...options, effect: request.access });
    return (yield* this.#effect(options.suffix ?? '', ask)) as unknown as QueryResult;
  }

  *fetch(request: FetchRequest, options: EffectOptions = {}): Step<FetchResult> {
    const ask = this.#ask({ kind: 'fetch', pool: `http:${request.connection}`, request }, options);
    return (yield* this.#effect(options.suffix ?? '', ask)) as unknown as FetchResult;
  }

  *connect(request: ConnectRequest, options: EffectOptions = {}): Step<Json> {
    return yield* this.#effect(options.suffix ?? '', this.#ask({ kind: 'connect', pool: `db:${request.connection}`, request }, options));
  }

  *sandbox(request: SandboxRequest, suffix = ''): Step<SandboxResult> {
    // A program that failed fails again: it is only repeated where the node's policy asks for it.
    const ask: Ask = {
      kind: 'sandbox',
      pool: 'sandbox',
      request,
      effect: 'read',
      timeoutMs: sandboxTimeoutMs,
      mayRepeat: this.#place.policy?.retry !== undefined,
    };
    return (yield* this.#effect(suffix, ask)) as unknown as SandboxResult;
  }

  timer({ time }: { time: number }, suffix = ''): Handle {
    return this.#scope.wait(this.#room, this.key + suffix, { time });
  }

  *wait(until: WaitFor, suffix = ''): Step<Json> {
    const key = this.key + suffix;
    const completion = yield this.#scope.wait(this.#room, key, 'ask' in until ? this.#asked(key, until) : until);
    if (completion.failure) throw new FailureError(completion.failure);
    return completion.result ?? null;
  }

  #asked(key: CallKey, { ask, time }: Extract<WaitFor, { ask: unknown }>): Until {
    const node = this.#room.body.idOf(this.#room.index);
    return { signal: answerSignal(key), ask: { node, ...ask }, ...(time !== undefined && { time }) };
  }

  *body(flow: string, inputs: JsonObject, suffix = ''): Step<JsonObject> {
    const completion = yield this.#scope.begin(this.#room, { flow, key: this.key + suffix, inputs, depth: this.depth });
    if (completion.failure) throw new FailureError(completion.failure);
    return completion.result as JsonObject;
  }

  now(): number {
    return this.#scope.now;
  }

  random(): number {
    return this.#scope.random();
  }

  #ask(what: Pick<Call, 'kind' | 'pool' | 'request'>, { suffix = '', effect = 'read', isIdempotent = false }: EffectOptions): Ask {
    const { kind, pool, request } = what;
    const ask: Ask = { kind, pool, request, effect, timeoutMs: dataTimeoutMs, mayRepeat: effect === 'read' || isIdempotent };
    if (isIdempotent) ask.idempotencyKey = `${this.#scope.run}/${this.key}${suffix}`;
    return ask;
  }

  *#effect(suffix: string, ask: Ask): Step<Json> {
    const { policy, target } = this.#place;
    const { kind, pool, request, effect, mayRepeat, idempotencyKey } = ask;
    const retry = mayRepeat ? retryOf(policy) : once;
    const call: Call = { kind, pool, request, effect, timeoutMs: timeoutOf(ask.timeoutMs, policy), retry, task: this.#room.id, target };
    if (idempotencyKey !== undefined) call.idempotencyKey = idempotencyKey;
    const completion = yield this.#scope.call(this.#room, this.key + suffix, call);
    if (!completion.failure) return completion.result ?? null;
    if (isOutcomeUnknown(completion.failure)) return yield* this.#settleOutcome(suffix, ask, completion.failure);
    throw new FailureError(completion.failure);
  }

  /** A person says what became of it; asked once, since the answer is recorded. Repeated, it has a key of its own. */
  *#settleOutcome(suffix: string, ask: Ask, cause: Failure): Step<Json> {
    const heard = yield* askPerson({ question: outcomeQuestion(ask, this.#place.target, this.title) }, this, `${suffix}.outcome`);
    if (heard.choice === 'happened') return toldResult(ask.kind, heard.result);
    if (heard.choice === 'repeat') return yield* this.#effect(`${suffix}.again`, ask);
    throw new FailureError(cause);
  }
}

function retryOf(policy: NodePolicy | undefined): RetryPolicy {
  if (!policy?.retry) return retried;
  const { attempts, baseMs = retried.baseMs, maxMs = Math.max(retried.maxMs, baseMs), on } = policy.retry;
  return { attempts, baseMs: Math.min(baseMs, maxMs), maxMs, ...(on && { on }) };
}

/** A node that is given more time gives it to its calls; what ends a node that takes too long is its own timer. */
function timeoutOf(timeoutMs: number, policy: NodePolicy | undefined): number {
  return policy?.timeoutSeconds === undefined ? timeoutMs : Math.max(timeoutMs, policy.timeoutSeconds * 1000);
}
