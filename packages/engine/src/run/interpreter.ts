/**
 * Plan + inputs + RunPort -> events and outputs. Knows no kind by name and no database.
 *
 * 1. One loop: fire what is ready -> next -> fold -> fire. `next` is the only await.
 * 2. Completions are folded one by one, in the order the port gives them, and what each makes ready fires before the following one is
 *    folded: so the order of starts follows from the order of completions alone, whatever the batches.
 * 3. A task is settled once: done, skipped or failed. It starts when every wired input is settled.
 * 4. A room advances only here. What completes before its room waits for it is kept until the room does.
 * 5. After the first failure, cancel or deadline nothing more starts, and what is in flight is cancelled.
 */
import {
  failure,
  FailureError,
  toFailure,
  type Failure,
  type Json,
  type JsonObject,
  type RunEventBody,
  type RunResult,
  type RunStatus,
} from '@switchyard/shared';
import type { Completion, Emitted, Handle, Kind, Registry, Step, Suspended } from '../node.ts';
import type { Plan, PlanTask } from '../plan.ts';
import type { RunPort } from '../port.ts';
import { Budget } from './budget.ts';
import { createContext, type RunScope } from './context.ts';
import { bindGrants } from './grants.ts';

export interface RunOptions {
  run: string;
  registry: Registry;
  port: RunPort;
  emit(event: RunEventBody): void;
}

const deadlineKey = 'run.deadline';
const cancelKey = 'run.cancel';

/** Runs a plan to its end; never rejects for anything a task does. `inputs` have been checked against the entry's fields. */
export async function runPlan(plan: Plan, inputs: JsonObject, options: RunOptions): Promise<RunResult> {
  return await new Interpreter(plan, inputs, options).run();
}

interface ActiveTask {
  index: number;
  step: Step<Emitted>;
  /** Keys it waits for now. */
  waiting: Set<string>;
  /** Completions that came before the room waited for them. */
  early: Map<string, Completion>;
}

class Interpreter {
  readonly #plan: Plan;
  readonly #inputs: JsonObject;
  readonly #options: RunOptions;
  readonly #kinds: Kind[];
  readonly #scope: RunScope;
  /** Per task: links into it that are not settled yet. */
  readonly #open: Int32Array;
  /** Per task: the tasks its outputs lead to, once a link. */
  readonly #followers: number[][];
  readonly #emitted: (Emitted | undefined)[];
  readonly #ready: number[] = [];
  #readyHead = 0;
  readonly #active = new Map<string, ActiveTask>();
  readonly #outputs: JsonObject = {};
  #end: { status: RunStatus; failure?: Failure & { node?: string } } | undefined;

  constructor(plan: Plan, inputs: JsonObject, options: RunOptions) {
    this.#plan = plan;
    this.#inputs = inputs;
    this.#options = options;
    this.#kinds = plan.tasks.map((task) => {
      const kind = options.registry.get(task.kind);
      if (!kind) throw new Error(`The plan has a task of the unknown kind "${task.kind}"`);
      return kind;
    });
    this.#scope = { run: options.run, port: options.port, budget: new Budget(plan.limits), limits: plan.limits, keys: new Map() };
    this.#open = new Int32Array(plan.tasks.length);
    this.#followers = plan.tasks.map(() => []);
    this.#emitted = new Array(plan.tasks.length);
    this.#wire();
  }

  async run(): Promise<RunResult> {
    const { port, emit, run } = this.#options;
    const { flow, hash, limits } = this.#plan;
    emit({ type: 'run-start', run, flow, plan: hash, inputs: this.#inputs });
    const watches = [port.wait(deadlineKey, { time: port.now() + limits.seconds * 1000 }), port.wait(cancelKey, { signal: 'cancel' })];
    this.#fire();
    try {
      while (!this.#end && this.#active.size > 0) {
        for (const completion of await port.next()) {
          this.#fold(completion);
          this.#fire();
        }
      }
    } catch (error) {
      this.#stop('failed', toFailure(error));
    }
    for (const handle of watches) port.cancel(handle);
    for (const task of this.#active.values()) for (const key of task.waiting) port.cancel({ key });
    return this.#finish();
  }

  #wire(): void {
    this.#plan.tasks.forEach((task, index) => {
      for (const input of Object.values(task.inputs)) {
        for (const source of input.sources) {
          this.#open[index] = (this.#open[index] ?? 0) + 1;
          this.#followers[source.task]?.push(index);
        }
      }
      if (this.#open[index] === 0) this.#ready.push(index);
    });
  }

  #fire(): void {
    while (!this.#end && this.#readyHead < this.#ready.length) {
      const index = this.#ready[this.#readyHead] as number;
      this.#readyHead += 1;
      this.#startTask(index);
    }
  }

  #startTask(index: number): void {
    const task = this.#plan.tasks[index] as PlanTask;
    const kind = this.#kinds[index] as Kind;
    const arrived = kind.role === 'entry' ? this.#inputs : this.#arrived(task);
    if (typeof arrived === 'string') {
      this.#options.emit({ type: 'task-skip', task: task.id, node: task.id, why: arrived });
      this.#settle(index, {});
      return;
    }
    this.#options.emit({ type: 'task-start', task: task.id, node: task.id, inputs: arrived });
    try {
      const granted = bindGrants(this.#plan, task.grants, this.#options.registry);
      const context = createContext(this.#scope, { key: task.id, task: task.id, target: { node: task.id }, depth: 0 });
      const step = kind.run({ config: task.config, inputs: arrived, granted }, context);
      const active: ActiveTask = { index, step, waiting: new Set(), early: new Map() };
      this.#active.set(task.id, active);
      this.#advance(active, undefined);
    } catch (error) {
      this.#failTask(index, error);
    }
  }

  /** The values at the wired inputs, or why the task is skipped. */
  #arrived(task: PlanTask): JsonObject | string {
    const values: JsonObject = {};
    let isReached = false;
    let missing: string | undefined;
    for (const [port, input] of Object.entries(task.inputs)) {
      const source = input.sources.find((candidate) => Object.hasOwn(this.#emitted[candidate.task] ?? {}, candidate.port));
      if (source) {
        values[port] = (this.#emitted[source.task] as Emitted)[source.port] as Json;
        isReached = true;
      } else if (input.required) missing ??= port;
    }
    if (missing !== undefined) return `No value came to its input "${missing}".`;
    if (!isReached && Object.keys(task.inputs).length > 0) return 'No value came to any of its inputs.';
    return values;
  }

  #fold(completion: Completion): void {
    if (completion.key === deadlineKey) {
      const { seconds } = this.#plan.limits;
      this.#stop(
        'failed',
        failure(
          'limit-seconds',
          `The run took longer than the ${seconds} s that its limits allow. Raise "limits.seconds" of the flow, or see in the trace what took so long.`,
        ),
      );
      return;
    }
    if (completion.key === cancelKey) {
      this.#stop('cancelled', failure('cancelled', 'The run was cancelled.'));
      return;
    }
    const task = this.#active.get(this.#scope.keys.get(completion.key) ?? '');
    if (!task) return;
    if (!task.waiting.has(completion.key)) {
      task.early.set(completion.key, completion);
      return;
    }
    this.#advance(task, completion);
  }

  #advance(task: ActiveTask, completion: Completion | undefined): void {
    let given = completion;
    try {
      for (;;) {
        const turn = task.step.next(given as Completion);
        task.waiting.clear();
        if (turn.done) {
          this.#endTask(task.index, turn.value);
          return;
        }
        given = this.#await(task, turn.value);
        if (!given) return;
      }
    } catch (error) {
      this.#failTask(task.index, error);
    }
  }

  /** Registers what the room waits for; gives a completion that is there already. */
  #await(task: ActiveTask, suspended: Suspended): Completion | undefined {
    const handles = Array.isArray(suspended) ? (suspended as readonly Handle[]) : [suspended as Handle];
    for (const { key } of handles) {
      const early = task.early.get(key);
      if (early) {
        task.early.delete(key);
        return early;
      }
    }
    for (const { key } of handles) task.waiting.add(key);
    return undefined;
  }

  #endTask(index: number, outputs: Emitted): void {
    const task = this.#plan.tasks[index] as PlanTask;
    this.#active.delete(task.id);
    this.#options.emit({ type: 'task-end', task: task.id, outputs });
    if (this.#kinds[index]?.role === 'exit') Object.assign(this.#outputs, outputs);
    this.#settle(index, outputs);
  }

  #settle(index: number, outputs: Emitted): void {
    this.#emitted[index] = outputs;
    for (const follower of this.#followers[index] ?? []) {
      const open = (this.#open[follower] ?? 0) - 1;
      this.#open[follower] = open;
      if (open === 0) this.#ready.push(follower);
    }
  }

  #failTask(index: number, error: unknown): void {
    const task = this.#plan.tasks[index] as PlanTask;
    const cause = toFailure(error);
    if (!(error instanceof FailureError)) cause.message = `${task.title} failed by a fault in Switchyard: ${cause.message}`;
    this.#active.delete(task.id);
    this.#options.emit({ type: 'task-failure', task: task.id, failure: cause });
    this.#stop('failed', { ...cause, node: task.id });
  }

  #stop(status: RunStatus, cause: Failure & { node?: string }): void {
    this.#end ??= { status, failure: cause };
  }

  #finish(): RunResult {
    const { status, failure: cause } = this.#end ?? { status: 'done' as const };
    if (status !== 'done') this.#collectReached();
    const ended = { status, outputs: this.#outputs, usage: this.#scope.budget.used, ...(cause && { failure: cause }) };
    this.#options.emit({ type: 'run-end', ...ended });
    return { run: this.#options.run, ...ended };
  }

  /** A run that did not get to its end gives what had reached its exits. */
  #collectReached(): void {
    this.#plan.tasks.forEach((task, index) => {
      if (this.#kinds[index]?.role !== 'exit' || this.#emitted[index]) return;
      const arrived = this.#arrived(task);
      if (typeof arrived !== 'string') Object.assign(this.#outputs, arrived);
    });
  }
}
