/**
 * What the contexts of a run share: its keys, its budget, its time, and the way to the port and to bodies.
 *
 * 1. A key names one effect for the life of the run; it is claimed before the effect starts.
 * 2. An effect belongs to the room that started it, and is cancelled when that room ends.
 * 3. A run is idle while all that is open are waits for somebody outside, and limits on time beside them.
 */
import type { Json, RunEventBody } from '@switchyard/shared';
import type { Completion, Handle, Registry } from '../node.ts';
import type { Plan } from '../plan.ts';
import type { Call, CallKey, RunPort, Until } from '../port.ts';
import { Body } from './body.ts';
import { Budget } from './budget.ts';
import type { BodyAsked, RunScope } from './context.ts';
import { checkFlowInputs } from './flow-inputs.ts';
import type { Room } from './room.ts';
import { wire, type Wiring } from './wiring.ts';

interface Surroundings {
  run: string;
  registry: Registry;
  port: RunPort;
  emit(event: RunEventBody): void;
}

export class EffectScope implements RunScope {
  readonly run: string;
  readonly budget: Budget;
  readonly limits: Plan['limits'];
  now: number;
  readonly #plan: Plan;
  readonly #surroundings: Surroundings;
  readonly #startBody: (body: Body) => void;
  /** Of the subflows that have been run so far. */
  readonly #wirings = new Map<string, Wiring>();
  /** Keys that have been used, with the room that asked while it is under way. */
  readonly #keys = new Map<CallKey, Room | undefined>();
  /** Waits under way that are told; whether each is for somebody outside. */
  readonly #waits = new Map<CallKey, boolean>();
  /** Effects under way of all rooms, and how many of them are no work of the run's own. */
  #open = 0;
  #openOutside = 0;
  readonly #timeouts = new Set<CallKey>();

  constructor(plan: Plan, surroundings: Surroundings, startBody: (body: Body) => void) {
    this.run = surroundings.run;
    this.budget = new Budget(plan.limits);
    this.limits = plan.limits;
    this.now = surroundings.port.now();
    this.#plan = plan;
    this.#surroundings = surroundings;
    this.#startBody = startBody;
  }

  /** Whether the run does nothing but wait for somebody outside. */
  get isIdle(): boolean {
    return this.#openOutside > 0 && this.#open === this.#openOutside + this.#timeouts.size;
  }

  random(): number {
    return this.#surroundings.port.random();
  }

  emit(event: RunEventBody): void {
    this.#surroundings.emit(event);
  }

  call(room: Room, key: CallKey, call: Call): Handle {
    this.#own(room, key);
    return this.#surroundings.port.start(key, call);
  }

  wait(room: Room, key: CallKey, until: Until): Handle {
    this.#own(room, key);
    const isOutside = 'signal' in until;
    if (isOutside) this.#openOutside += 1;
    this.#waits.set(key, isOutside);
    this.#surroundings.emit({ type: 'wait-start', key, task: room.id, until: until as unknown as Json });
    return this.#surroundings.port.wait(key, until);
  }

  /** Ends the room when its time is up. Not told as a wait: the room is at work. */
  limitTime(room: Room, seconds: number): void {
    room.timeout = `${room.id}!timeout`;
    this.#own(room, room.timeout);
    this.#timeouts.add(room.timeout);
    this.#surroundings.port.wait(room.timeout, { time: this.now + seconds * 1000 });
  }

  begin(room: Room, { flow, key, inputs, depth, granted }: BodyAsked): Handle {
    checkFlowInputs(this.#plan, flow, inputs);
    this.#claim(room, key);
    const body = new Body(this.#wiringOf(flow), inputs, { owner: room, key, depth, granted });
    room.bodies ??= new Set();
    room.bodies.add(body);
    this.#startBody(body);
    return { key };
  }

  /** Takes note of a completion; gives the room that asked for it, which may have ended. */
  fold({ key, at, usage, result }: Completion): Room | undefined {
    this.now = Math.max(this.now, at ?? this.#surroundings.port.now());
    // Counted also where the room that asked has ended: it was spent.
    if (usage) this.budget.add(usage);
    const room = this.#keys.get(key);
    if (!room) return undefined;
    room.openCalls -= 1;
    this.#open -= 1;
    if (this.#timeouts.size > 0) this.#timeouts.delete(key);
    if (this.#waits.size > 0) this.#endWait(key, result);
    return room;
  }

  #endWait(key: CallKey, result?: Json): void {
    const isOutside = this.#waits.get(key);
    if (isOutside === undefined) return;
    this.#waits.delete(key);
    if (isOutside) this.#openOutside -= 1;
    this.#surroundings.emit({ type: 'wait-end', key, ...(result !== undefined && { result }) });
  }

  /** The room has ended: what it has started and what has not completed is cancelled. */
  leave(room: Room): void {
    if (!room.calls) return;
    const isOpen = room.openCalls > 0;
    this.#open -= room.openCalls;
    room.openCalls = 0;
    for (const key of room.calls) {
      this.#keys.set(key, undefined);
      if (!isOpen) continue;
      if (this.#timeouts.size > 0) this.#timeouts.delete(key);
      if (this.#waits.size > 0) this.#endWait(key);
      this.#surroundings.port.cancel({ key });
    }
  }

  #wiringOf(flow: string): Wiring {
    const known = this.#wirings.get(flow);
    if (known) return known;
    const planned = this.#plan.flows?.[flow];
    if (!planned) throw new Error(`The plan has no flow "${flow}"`);
    const wiring = wire(planned, this.#surroundings.registry);
    this.#wirings.set(flow, wiring);
    return wiring;
  }

  /** Notes that the room has started an effect. */
  #own(room: Room, key: CallKey): void {
    this.#claim(room, key);
    room.owns(key);
    this.#open += 1;
  }

  #claim(room: Room, key: CallKey): void {
    const before = this.#keys.size;
    this.#keys.set(key, room);
    if (this.#keys.size === before) throw new Error(`Two calls of this run have the key "${key}"`);
  }
}
