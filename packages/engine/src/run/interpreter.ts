/**
 * Plan + inputs + RunPort -> events and outputs. Knows no kind by name and no database.
 *
 * 1. One loop: fire what is ready -> next -> fold -> fire. `next` is the only await, but for letting others have the loop (turns.ts).
 * 2. Completions are folded one by one, in the order the port gives them, and what each makes ready fires before the following one is
 *    folded: so the order of starts follows from the order of completions alone, whatever the batches.
 * 3. A task is settled once: done, skipped, or failed with its failure dealt with. It starts when every wired input is settled; one with an
 *    input that collects starts at the first value that comes there, and is handed what comes as completions of its own.
 * 4. A room advances only here. What completes before its room waits for it is kept until the room does.
 * 5. The bodies that a room starts run in the same loop, their tasks' ids beginning with the room's. A body's end, and an arrival, complete a
 *    handle of its room; they are queued, never delivered from within a room, and not journaled: they follow from what is.
 * 6. A room that ends takes all it has started with it: calls are cancelled, bodies given up.
 * 7. After a failure that nothing deals with, cancel or deadline nothing more starts, and what is in flight is cancelled.
 */
import { failure, FailureError, toFailure, type Failure, type JsonObject, type RunEventBody, type RunResult, type RunStatus } from '@switchyard/shared';
import type { Completion, Emitted, Granted, Kind, Registry } from '../node.ts';
import type { Plan, PlanTask } from '../plan.ts';
import { cancelSignal, type RunPort } from '../port.ts';
import { noArrivals } from './arrivals.ts';
import { Body } from './body.ts';
import { boundOutputs, inputsTooLarge } from './bounded-values.ts';
import { createContext } from './context.ts';
import { Deadline } from './deadline.ts';
import { EffectScope } from './effect-scope.ts';
import { bindGrants } from './grants.ts';
import { handle, isFinal, outsideBody } from './handling.ts';
import { Queue } from './queue.ts';
import { Room } from './room.ts';
import { RunOutputs } from './run-outputs.ts';
import { runTookTooLong, taskTookTooLong } from './time-failures.ts';
import { Turns } from './turns.ts';
import { wire } from './wiring.ts';

export interface RunOptions {
  run: string;
  registry: Registry;
  port: RunPort;
  emit(event: RunEventBody): void;
  /** Outputs by node of the flow: where such a node would start, it gives these instead. */
  pins?: Readonly<Record<string, JsonObject>>;
}

const cancelKey = 'run.cancel';
const nothingGranted: readonly Granted[] = Object.freeze([]);

/** Runs a plan to its end; never rejects for anything a task does. `inputs` have been checked against the entry's fields. */
export async function runPlan(plan: Plan, inputs: JsonObject, options: RunOptions): Promise<RunResult> {
  return await new Interpreter(plan, inputs, options).execute();
}

class Interpreter {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #root: Body;
  readonly #outputs: RunOutputs;
  readonly #scope: EffectScope;
  readonly #ready = new Queue<Room>();
  /** Completions that follow from what has been folded. */
  readonly #told = new Queue<{ room: Room; completion: Completion }>();
  readonly #deadline: Deadline;
  readonly #turns: Turns;
  #end: { status: RunStatus; failure?: Failure & { node?: string } } | undefined;

  constructor(plan: Plan, inputs: JsonObject, options: RunOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#root = new Body(wire(plan, options.registry), inputs, { depth: 0 });
    this.#outputs = new RunOutputs(this.#root);
    this.#scope = new EffectScope(plan, options, (body) => this.#startBody(body));
    this.#deadline = new Deadline(options.port, this.#scope.now + plan.limits.seconds * 1000);
    this.#turns = new Turns(options.port);
  }

  async execute(): Promise<RunResult> {
    const { port, emit, run } = this.#options;
    const { flow, hash } = this.#plan;
    emit({ type: 'run-start', run, flow, plan: hash, inputs: this.#root.inputs });
    const cancelled = port.wait(cancelKey, { signal: cancelSignal });
    this.#startBody(this.#root);
    try {
      await this.#fire();
      this.#deadline.follow(this.#scope.isIdle, this.#scope.now);
      while (!this.#end && (this.#root.rooms.size > 0 || this.#turns.isWaiting)) {
        const completions = await port.next();
        if (completions.length === 0) return this.#park();
        for (const completion of completions) {
          // Whatever else the batch holds: what ended the run is what it ends with.
          if (this.#end) break;
          this.#fold(completion);
          if (!this.#fireNow()) await this.#fire();
          this.#deadline.follow(this.#scope.isIdle, this.#scope.now);
        }
      }
    } catch (error) {
      this.#stop('failed', toFailure(error));
    }
    this.#deadline.cancel();
    port.cancel(cancelled);
    for (const room of this.#root.rooms) this.#leave(room);
    return this.#finish();
  }

  #startBody(body: Body): void {
    for (const index of body.wiring.first) this.#ready.add(new Room(body, index));
    if (body.openTasks === 0) this.#endBody(body);
  }

  /** Starts what is ready and what that makes ready, unless the run is to wait before it goes on. */
  async #fire(): Promise<void> {
    while (!this.#fireNow()) await this.#turns.letGo();
  }

  /** False where it is to let go of the loop before it goes on. */
  #fireNow(): boolean {
    this.#turns.begin();
    this.#fireReady();
    this.#turns.end(!this.#hasMore);
    return !this.#hasMore || this.#turns.isWaiting || this.#end !== undefined;
  }

  get #hasMore(): boolean {
    return !this.#ready.isEmpty || !this.#told.isEmpty;
  }

  #fireReady(): void {
    while (!this.#end && this.#hasMore && this.#turns.mayGoOn()) {
      const room = this.#ready.take();
      if (room) {
        if (!room.body.isEnded) this.#startTask(room);
        continue;
      }
      const told = this.#told.take();
      if (told) this.#deliver(told.room, told.completion);
    }
  }

  #startTask(room: Room): void {
    this.#turns.count();
    const { body, index, id } = room;
    const task = body.wiring.body.tasks[index] as PlanTask;
    const kind = body.wiring.kinds[index] as Kind;
    const { emit, registry, pins } = this.#options;
    const parent = body.owner?.id;
    const arrived = kind.role === 'entry' ? body.inputs : body.arrived(index);
    if (typeof arrived === 'string') {
      emit({ type: 'task-skip', task: id, node: task.id, why: arrived, ...(parent !== undefined && { parent }) });
      this.#settle(room, {});
      return;
    }
    const tooLarge = kind.role === 'exit' && parent === undefined ? this.#outputs.take(arrived) : inputsTooLarge(arrived);
    const inputs = tooLarge ? {} : arrived;
    if (parent === undefined) emit({ type: 'task-start', task: id, node: task.id, inputs, seq: undefined, at: undefined });
    else emit({ type: 'task-start', task: id, node: task.id, inputs, parent, seq: undefined, at: undefined });
    const pinned = body.owner || tooLarge ? undefined : pins?.[task.id];
    if (pinned) {
      this.#endTask(room, pinned, { pinned: true });
      return;
    }
    body.rooms.add(room);
    try {
      if (tooLarge) throw new FailureError(tooLarge);
      const granted = task.grants.length === 0 ? nothingGranted : bindGrants({ body: body.wiring.body, flows: this.#plan.flows ?? {}, registry }, task);
      const arrivals = body.arrivalsOf(index);
      if (arrivals) arrivals.tell = (completion) => this.#told.add({ room, completion });
      const flow = task.flow === undefined ? undefined : this.#plan.flows?.[task.flow]?.ports;
      room.step = kind.run(
        { config: task.config, inputs, granted, arrivals: arrivals ?? noArrivals, ...(flow && { flow }) },
        createContext(this.#scope, room, task.policy),
      );
      if (task.policy?.timeoutSeconds !== undefined) this.#scope.limitTime(room, task.policy.timeoutSeconds);
      this.#advance(room, undefined);
    } catch (error) {
      this.#failTask(room, error);
    }
  }

  #fold(completion: Completion): void {
    const { key } = completion;
    this.#turns.fold(key);
    const asker = this.#scope.fold(completion);
    if (this.#deadline.isReached(key)) {
      this.#stop('failed', runTookTooLong(this.#plan.limits.seconds));
      return;
    }
    if (key === cancelKey) {
      this.#stop('cancelled', failure('cancelled', 'The run was cancelled.'));
      return;
    }
    if (!asker?.step) return;
    if (key === asker.timeout) this.#failTask(asker, taskTookTooLong(asker.body.wiring.body.tasks[asker.index] as PlanTask));
    else this.#deliver(asker, completion);
  }

  #deliver(room: Room, completion: Completion): void {
    if (!room.step) return;
    if (room.isWaitingFor(completion.key)) this.#advance(room, completion);
    else room.keepEarly(completion);
  }

  #advance(room: Room, completion: Completion | undefined): void {
    let given = completion;
    try {
      for (;;) {
        room.waitsFor = undefined;
        const turn = room.step?.next(given as Completion);
        if (!turn) return;
        if (turn.done) {
          boundOutputs(turn.value);
          this.#endTask(room, turn.value);
          return;
        }
        given = room.takeEarly(turn.value);
        if (given) continue;
        room.waitsFor = turn.value;
        return;
      }
    } catch (error) {
      this.#failTask(room, error);
    }
  }

  #endTask(room: Room, outputs: Emitted, marks?: { pinned: true }): void {
    this.#leave(room);
    if (marks) this.#options.emit({ type: 'task-end', task: room.id, outputs, ...marks });
    else this.#options.emit({ type: 'task-end', task: room.id, outputs, seq: undefined, at: undefined });
    if (room.body.wiring.kinds[room.index]?.role === 'exit') Object.assign(room.body.outputs, outputs);
    this.#settle(room, outputs);
  }

  #settle({ body, index }: Room, outputs: Emitted): void {
    body.settle(index, outputs, (ready) => this.#ready.add(new Room(body, ready)));
    if (body.openTasks === 0) this.#endBody(body);
  }

  /** Tells the room that runs the body what reached its exits, or what ended it. */
  #endBody(body: Body, cause?: Failure): void {
    const { owner, key } = body;
    if (!owner || key === undefined || body.isEnded) return;
    this.#giveUp(body);
    owner.bodies?.delete(body);
    this.#told.add({ room: owner, completion: cause ? { key, failure: outsideBody(cause) } : { key, result: body.outputs } });
  }

  #failTask(room: Room, error: unknown): void {
    const { body, index, id } = room;
    const task = body.wiring.body.tasks[index] as PlanTask;
    const cause =
      error instanceof FailureError
        ? error.failure
        : { ...toFailure(error), message: `${task.title} failed by a fault in Switchyard: ${toFailure(error).message}` };
    this.#leave(room);
    const handled = isFinal(cause) ? undefined : handle(task.policy, cause);
    this.#options.emit({ type: 'task-failure', task: id, failure: cause, ...handled });
    if (handled) this.#settle(room, handled.outputs);
    else if (body.owner && !isFinal(cause)) this.#endBody(body, cause);
    else this.#stop('failed', { ...cause, node: room.rootId });
  }

  /** Ends the room: what it has started and not waited for is cancelled. */
  #leave(room: Room): void {
    room.step = undefined;
    room.waitsFor = undefined;
    room.early = undefined;
    room.body.rooms.delete(room);
    this.#scope.leave(room);
    if (room.bodies) for (const body of room.bodies) this.#giveUp(body);
    room.bodies = undefined;
  }

  /** Nothing of the body starts any more; what of it is under way is told as ended, unless the whole run ends. */
  #giveUp(body: Body): void {
    body.isEnded = true;
    for (const room of body.rooms) {
      this.#leave(room);
      if (!this.#end)
        this.#options.emit({ type: 'task-failure', task: room.id, failure: failure('abandoned', 'It was given up, since what it was part of has ended.') });
    }
  }

  #stop(status: RunStatus, cause: Failure & { node?: string }): void {
    this.#end ??= { status, failure: cause };
  }

  #finish(): RunResult {
    const { status, failure: cause } = this.#end ?? { status: 'done' as const };
    if (status !== 'done') this.#outputs.addReached();
    const ended = { status, outputs: this.#root.outputs, usage: this.#scope.budget.used, ...(cause && { failure: cause }) };
    this.#options.emit({ type: 'run-end', ...ended });
    return { run: this.#options.run, ...ended };
  }

  /** The driver lets go of the run: it has not ended, and nothing of it is cancelled. */
  #park(): RunResult {
    this.#outputs.addReached();
    const waiting = { status: 'waiting' as const, outputs: this.#root.outputs, usage: this.#scope.budget.used };
    this.#options.emit({ type: 'run-end', ...waiting });
    return { run: this.#options.run, ...waiting };
  }
}
