/**
 * One execution of a body of the plan: the flow itself, or a subflow that a task runs. Knows what has been emitted and what may start.
 *
 * 1. A task is settled once, with what it emitted; nothing for one that was skipped.
 * 2. It may start when every wired input is settled; one with an input that collects, at the first value that comes there.
 * 3. The body has ended when all its tasks are settled, or when it is given up.
 */
import type { Arrival, Emitted } from '../node.ts';
import type { CallKey } from '../port.ts';
import type { Json, JsonObject } from '@switchyard/shared';
import { ArrivalQueue } from './arrivals.ts';
import type { GrantedCall } from './granted-call.ts';
import type { Room } from './room.ts';
import type { Wiring } from './wiring.ts';

/** Where a body stands in the run. */
export interface BodyPlace {
  /** The room that runs it, and the key under which it waits; both absent for the flow itself. */
  owner?: Room;
  key?: CallKey;
  /** How many control nodes stand above its tasks. */
  depth: number;
  /** The call of a granted node that it is part of. */
  granted?: GrantedCall | undefined;
}

export class Body {
  readonly wiring: Wiring;
  readonly inputs: JsonObject;
  readonly owner: Room | undefined;
  readonly key: CallKey | undefined;
  readonly depth: number;
  readonly granted: GrantedCall | undefined;
  /** Begins the ids of its tasks. */
  readonly prefix: string;
  /** Tasks under way. */
  readonly rooms = new Set<Room>();
  /** What reached its exits. */
  readonly outputs: JsonObject = {};
  /** Tasks that are not settled yet. */
  openTasks: number;
  isEnded = false;
  readonly #open: Int32Array;
  readonly #emitted: (Emitted | undefined)[];
  readonly #arrivals: Map<number, ArrivalQueue> | undefined;

  constructor(wiring: Wiring, inputs: JsonObject, place: BodyPlace) {
    this.wiring = wiring;
    this.inputs = inputs;
    this.owner = place.owner;
    this.key = place.key;
    this.depth = place.depth;
    this.granted = place.granted;
    this.prefix = place.key === undefined ? '' : `${place.key}.`;
    this.openTasks = wiring.kinds.length;
    this.#open = wiring.open.slice();
    this.#emitted = new Array(this.openTasks);
    if (wiring.collectors.size === 0) return;
    this.#arrivals = new Map([...wiring.collectors].map(([index, sources]) => [index, new ArrivalQueue(this.prefix + this.idOf(index), sources)]));
  }

  idOf(index: number): string {
    return (this.wiring.body.tasks[index] as { id: string }).id;
  }

  arrivalsOf(index: number): ArrivalQueue | undefined {
    return this.#arrivals?.get(index);
  }

  isSettled(index: number): boolean {
    return this.#emitted[index] !== undefined;
  }

  /** The values at the wired inputs of a task, or why it is skipped. */
  arrived(index: number): JsonObject | string {
    const inputs = this.wiring.inputs[index] as Wiring['inputs'][number];
    const values: JsonObject = {};
    const arrivals = this.arrivalsOf(index);
    let isReached = (inputs.length === 0 && !arrivals) || arrivals?.isEmpty === false;
    let missing: string | undefined;
    for (const { port, sources, required } of inputs) {
      let isThere = false;
      for (const source of sources) {
        const emitted = this.#emitted[source.task];
        if (!emitted || !Object.hasOwn(emitted, source.port)) continue;
        values[port] = emitted[source.port] as Json;
        isThere = true;
        break;
      }
      if (isThere) isReached = true;
      else if (required) missing ??= port;
    }
    if (missing !== undefined) return `No value came to its input "${missing}".`;
    return isReached ? values : 'No value came to any of its inputs.';
  }

  /** Settles a task; gives each task that may start now to `start`. */
  settle(index: number, outputs: Emitted, start: (index: number) => void): void {
    this.#emitted[index] = outputs;
    this.openTasks -= 1;
    for (const follower of this.wiring.followers[index] as number[]) this.#close(follower, start);
    for (const { task, port, sourcePort } of this.wiring.collecting[index] ?? []) {
      const from = `${this.idOf(index)}.${sourcePort}`;
      const arrival: Arrival | undefined = Object.hasOwn(outputs, sourcePort) ? { from, port, value: outputs[sourcePort] as Json } : undefined;
      if (this.arrivalsOf(task)?.settle(arrival)) this.#close(task, start);
    }
  }

  #close(task: number, start: (index: number) => void): void {
    const open = (this.#open[task] as number) - 1;
    this.#open[task] = open;
    if (open === 0) start(task);
  }
}
