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
import { GrantedCall } from './granted-call.ts';
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
  begin(room: Room, asked: BodyAsked): Handle;
}

/** A flow that is to be run as part of a task. */
export interface BodyAsked {
  flow: string;
  key: CallKey;
  inputs: JsonObject;
  depth: number;
  granted: GrantedCall | undefined;
}

interface Place {
  key: CallKey;
  target: CallTarget;
  depth: number;
  policy: NodePolicy | undefined;
  granted: GrantedCall | undefined;
}

/** The context of a task: its calls are keyed by the task's id. */
export function createContext(scope: RunScope, room: Room, policy: NodePolicy | undefined): Context {
  return new RoomContext(scope, room, {
    key: room.id,
    target: { node: room.body.idOf(room.index) },
    depth: room.body.depth,
    policy,
    granted: room.body.granted,
  });
}

interface EffectOptions {
  suffix?: string;
  effect?: 'read' | 'write';
  isIdempotent?: boolean;
}

const noOptions: EffectOptions = Object.freeze({});

type Asked = Pick<Call, 'kind' | 'pool' | 'request' | 'effect' | 'timeoutMs'> & { mayRepeat: boolean };

class RoomContext implements Context {
  readonly #scope: RunScope;
  readonly #room: Room;
  readonly key: CallKey;
  readonly depth: number;
  readonly #target: CallTarget;
  readonly #policy: NodePolicy | undefined;
  readonly #granted: GrantedCall | undefined;

  constructor(scope: RunScope, room: Room, { key, target, depth, policy, granted }: Place) {
    this.#scope = scope;
    this.#room = room;
    this.key = key;
    this.depth = depth;
    this.#target = target;
    this.#policy = policy;
    this.#granted = granted;
  }

  get node(): string {
    return this.#target.node;
  }

  get title(): string {
    const { body, index } = this.#room;
    const { tasks, callees } = body.wiring.body;
    return (this.node === body.idOf(index) ? tasks[index]?.title : callees[this.node]?.title) ?? this.node;
  }

  get limits(): FullLimits {
    return this.#scope.limits;
  }

  scope(suffix: string, target?: Partial<CallTarget> & { isSubAgent?: true; isGrantedCall?: true }): Context {
    const { isSubAgent, isGrantedCall, ...shown } = target ?? {};
    const { limits } = this.#scope;
    const depth = this.depth + (isSubAgent ? 1 : 0);
    if (depth > limits.depth) {
      throw new FailureError(
        failure(
          'limit-depth',
          `Control nodes call one another ${depth} deep; the flow's limit is ${limits.depth}. Raise "limits.depth", or let them call the data layer themselves.`,
        ),
      );
    }
    const policy = shown.node === undefined ? this.#policy : this.#room.body.wiring.body.callees[shown.node]?.policy;
    const granted = isGrantedCall ? new GrantedCall(this.#granted) : this.#granted;
    return new RoomContext(this.#scope, this.#room, { key: this.key + suffix, target: { ...this.#target, ...shown }, depth, policy, granted });
  }

  spend({ toolCalls }: { toolCalls: number }): void {
    this.#scope.budget.startToolCalls(toolCalls);
  }

  endGrantedCall(): void {
    if (this.#granted?.isSeeded) this.#scope.budget.takeBackToolCall();
  }

  tell(news: PlanNews | RefusalNews): void {
    const target = this.#target;
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
    const asked: Asked = { kind: 'model', pool: `model:${request.model}`, request, effect: 'read', timeoutMs: modelTimeoutMs, mayRepeat: true };
    return yield* this.#effect<ModelResult>(suffix, this.#callOf(asked));
  }

  catalogue(connection: string, suffix = '', scope: CatalogueScope = {}): Step<Json> {
    const request: CatalogueRequest = { connection, ...scope };
    return this.#effect(suffix, this.#dataCall('catalogue', `db:${connection}`, request, noOptions));
  }

  query(request: QueryRequest, options: Omit<EffectOptions, 'effect'> = noOptions): Step<QueryResult> {
    const call = this.#dataCall('query', `db:${request.connection}`, request, { ...options, effect: request.access });
    return this.#effect<QueryResult>(options.suffix ?? '', call);
  }

  fetch(request: FetchRequest, options: EffectOptions = noOptions): Step<FetchResult> {
    return this.#effect<FetchResult>(options.suffix ?? '', this.#dataCall('fetch', `http:${request.connection}`, request, options));
  }

  connect(request: ConnectRequest, options: EffectOptions = noOptions): Step<Json> {
    return this.#effect(options.suffix ?? '', this.#dataCall('connect', `db:${request.connection}`, request, options));
  }

  sandbox(request: SandboxRequest, suffix = ''): Step<SandboxResult> {
    // A program that failed fails again: it is only repeated where the node's policy asks for it.
    const mayRepeat = this.#policy?.retry !== undefined;
    const asked: Asked = { kind: 'sandbox', pool: 'sandbox', request, effect: 'read', timeoutMs: sandboxTimeoutMs, mayRepeat };
    return this.#effect<SandboxResult>(suffix, this.#callOf(asked));
  }

  timer({ time }: { time: number }, suffix = ''): Handle {
    return this.#scope.wait(this.#room, this.key + suffix, { time });
  }

  *wait(until: WaitFor, suffix = ''): Step<Json> {
    const key = this.key + suffix;
    const completion = yield this.#scope.wait(this.#room, key, 'ask' in until ? this.#asked(key, until) : until);
    this.#granted?.note(completion.seeded === true);
    if (completion.failure) throw new FailureError(completion.failure);
    return completion.result ?? null;
  }

  #asked(key: CallKey, { ask, time }: Extract<WaitFor, { ask: unknown }>): Until {
    const node = this.#room.body.idOf(this.#room.index);
    return { signal: answerSignal(key), ask: { node, ...ask }, ...(time !== undefined && { time }) };
  }

  *body(flow: string, inputs: JsonObject, suffix = ''): Step<JsonObject> {
    const completion = yield this.#scope.begin(this.#room, { flow, key: this.key + suffix, inputs, depth: this.depth, granted: this.#granted });
    if (completion.failure) throw new FailureError(completion.failure);
    return completion.result as JsonObject;
  }

  now(): number {
    return this.#scope.now;
  }

  random(): number {
    return this.#scope.random();
  }

  #dataCall(kind: string, pool: string, request: Json, { suffix = '', effect = 'read', isIdempotent = false }: EffectOptions): Call {
    const call = this.#callOf({ kind, pool, request, effect, timeoutMs: dataTimeoutMs, mayRepeat: effect === 'read' || isIdempotent });
    if (isIdempotent) call.idempotencyKey = `${this.#scope.run}/${this.key}${suffix}`;
    return call;
  }

  #callOf({ kind, pool, request, effect, timeoutMs, mayRepeat }: Asked): Call {
    const policy = this.#policy;
    const retry = mayRepeat ? retryOf(policy) : once;
    return { kind, pool, request, effect, timeoutMs: timeoutOf(timeoutMs, policy), retry, task: this.#room.id, target: this.#target };
  }

  /** `Result`: what a call of this kind gives. A generator keeps all its variables for as long as it waits: there are few here. */
  *#effect<Result = Json>(suffix: string, call: Call): Step<Result> {
    const completion = yield this.#scope.call(this.#room, this.key + suffix, call);
    this.#granted?.note(completion.seeded === true);
    if (!completion.failure) return (completion.result ?? null) as Result;
    if (isOutcomeUnknown(completion.failure)) return (yield* this.#settleOutcome(suffix, call, completion.failure)) as Result;
    throw new FailureError(completion.failure);
  }

  /** A person says what became of it; asked once, since the answer is recorded. Repeated, it has a key of its own. */
  *#settleOutcome(suffix: string, call: Call, cause: Failure): Step<Json> {
    const heard = yield* askPerson({ question: outcomeQuestion(call, this.#target, this.title) }, this, `${suffix}.outcome`);
    if (heard.choice === 'happened') return toldResult(call.kind, heard.result);
    if (heard.choice === 'repeat') return yield* this.#effect(`${suffix}.again`, call);
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
