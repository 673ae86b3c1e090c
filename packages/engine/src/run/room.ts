/** One task under way: its generator, what it waits for, and what it has started. Advances only inside the interpreter's loop. */
import type { Emitted, Step, Suspended } from '../node.ts';
import type { CallKey, Completion } from '../port.ts';
import type { Body } from './body.ts';

export class Room {
  /** The task's id; within a body, with the body's prefix. */
  readonly id: string;
  readonly body: Body;
  readonly index: number;
  /** Undefined before it starts and once it has ended. */
  step: Step<Emitted> | undefined;
  waitsFor: Suspended | undefined;
  /** Completions that came before the room waited for them. */
  early: Map<CallKey, Completion> | undefined;
  /** Calls and waits that it has started, and how many of them are still under way. */
  calls: CallKey[] | undefined;
  openCalls = 0;
  /** Bodies under way that it has started. */
  bodies: Set<Body> | undefined;
  /** The wait that ends it when its time is up. */
  timeout: CallKey | undefined;

  constructor(body: Body, index: number) {
    this.id = body.prefix + body.idOf(index);
    this.body = body;
    this.index = index;
  }

  /** The id of the flow's own task that it belongs to. */
  get rootId(): string {
    return this.body.owner?.rootId ?? this.id;
  }

  /** Notes that it has started a call or a wait. Nearly every room starts one at most. */
  owns(key: CallKey): void {
    if (this.calls) this.calls.push(key);
    else this.calls = [key];
    this.openCalls += 1;
  }

  isWaitingFor(key: CallKey): boolean {
    const { waitsFor } = this;
    if (waitsFor === undefined) return false;
    if (Array.isArray(waitsFor)) return waitsFor.some((handle) => handle.key === key);
    return (waitsFor as { key: CallKey }).key === key;
  }

  keepEarly(completion: Completion): void {
    this.early ??= new Map();
    this.early.set(completion.key, completion);
  }

  /** A completion that is there already, of those waited for. */
  takeEarly(suspended: Suspended): Completion | undefined {
    if (!this.early || this.early.size === 0) return undefined;
    for (const { key } of Array.isArray(suspended) ? suspended : [suspended]) {
      const completion = this.early.get(key);
      if (!completion) continue;
      this.early.delete(key);
      return completion;
    }
    return undefined;
  }
}
