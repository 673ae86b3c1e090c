/**
 * What of a run concerns which node, kept beside the folded view so that a card asks in constant time.
 *
 * 1. A node's stamp grows with every event that concerns it: its task, a call it makes, a call made to it.
 * 2. What happens in a flow that a node runs concerns that node: the canvas does not show the nodes within.
 * 3. The index changes in place, together with the view; who draws compares stamps, never the objects.
 */
import { askOf, isJsonObject, type Json, type RunEvent, type RunView } from '@switchyard/shared';

export interface RunIndex {
  stamps: Map<string, number>;
  /** Task ids by node, the latest last. */
  tasks: Map<string, string[]>;
  /** Keys of the calls made to a node, in the order they started. */
  callsTo: Map<string, string[]>;
  /** Calls in flight by `caller>called`. */
  inFlight: Map<string, number>;
  /** Keys of the calls that are counted there. */
  open: Set<string>;
  /** By the key of the wait: the node on the canvas that waits, and what it asks a person, or the event that it waits for; without both it lets time pass. */
  waits: Map<string, { node: string; question?: string; event?: string }>;
}

/** The index of a run of which nothing is known yet. */
export function emptyIndex(): RunIndex {
  return { stamps: new Map(), tasks: new Map(), callsTo: new Map(), inFlight: new Map(), open: new Set(), waits: new Map() };
}

/** The name under which calls in flight between two nodes are counted. */
export function pairName(caller: string, called: string): string {
  return `${caller}>${called}`;
}

/** Notes one event; the view has folded it already. */
export function noteEvent(index: RunIndex, view: RunView, event: RunEvent): void {
  switch (event.type) {
    case 'task-start':
    case 'task-skip':
      if (event.parent === undefined) append(index.tasks, event.node, event.task);
      touch(index, nodeOf(view, event.task));
      break;
    case 'task-end':
    case 'task-failure':
      touch(index, nodeOf(view, event.task));
      break;
    case 'wait-start':
    case 'wait-end':
      touchWaiting(index, view, event);
      break;
    case 'plan':
    case 'plan-step':
      touchPlan(index, view, event);
      break;
    case 'call-start':
      noteStart(index, view, event);
      touchCall(index, view, event.key);
      break;
    case 'call-delta':
    case 'call-refused':
      touchCall(index, view, event.key);
      break;
    case 'call-end':
      if (index.open.delete(event.key)) countPair(index, view, event.key, -1);
      touchCall(index, view, event.key);
      break;
    case 'run-end':
      index.inFlight.clear();
      index.open.clear();
      for (const node of index.stamps.keys()) touch(index, node);
      break;
    case 'run-start':
      forget(index);
      break;
  }
}

/** A run that is told anew, as one is that waited, was nowhere before; stamps go on, so that whoever draws sees the change. */
function forget(index: RunIndex): void {
  for (const map of [index.tasks, index.callsTo, index.inFlight, index.waits]) map.clear();
  index.open.clear();
  for (const node of index.stamps.keys()) touch(index, node);
}

/** When a wait has ended the view no longer knows whose it was. */
function touchWaiting(index: RunIndex, view: RunView, event: Extract<RunEvent, { type: 'wait-start' | 'wait-end' }>): void {
  if (event.type === 'wait-start') index.waits.set(event.key, { node: nodeOf(view, event.task), ...awaited(event.until) });
  const wait = index.waits.get(event.key);
  if (wait) touch(index, wait.node);
  if (event.type === 'wait-end') index.waits.delete(event.key);
}

function awaited(until: Json): { question?: string; event?: string } {
  const ask = askOf(until);
  if (ask) return { question: ask.title };
  return isJsonObject(until) && typeof until.signal === 'string' ? { event: until.signal } : {};
}

/** A plan concerns who planned and, where that was called, whose task it is. */
function touchPlan(index: RunIndex, view: RunView, event: Extract<RunEvent, { type: 'plan' | 'plan-step' }>): void {
  const owner = nodeOf(view, event.task);
  touch(index, owner);
  const planner = view.plans.get(event.key)?.node;
  if (planner !== undefined && planner !== owner) touch(index, planner);
}

/** A repeated attempt is the same call. */
function noteStart(index: RunIndex, view: RunView, event: Extract<RunEvent, { type: 'call-start' }>): void {
  if (index.open.has(event.key)) return;
  index.open.add(event.key);
  countPair(index, view, event.key, 1);
  const called = calledNode(view, event);
  if (event.attempt <= 1 || !index.callsTo.get(called)?.includes(event.key)) append(index.callsTo, called, event.key);
}

function touchCall(index: RunIndex, view: RunView, key: string): void {
  const call = view.calls.get(key);
  if (!call) return;
  const called = calledNode(view, call);
  touch(index, called);
  const caller = nodeOf(view, call.task);
  if (caller !== called) touch(index, caller);
}

function countPair(index: RunIndex, view: RunView, key: string, change: number): void {
  const call = view.calls.get(key);
  if (!call) return;
  const name = pairName(nodeOf(view, call.task), calledNode(view, call));
  const count = (index.inFlight.get(name) ?? 0) + change;
  if (count > 0) index.inFlight.set(name, count);
  else index.inFlight.delete(name);
}

/** The node on the canvas that a task belongs to. */
function nodeOf(view: RunView, task: string): string {
  let found = view.tasks.get(task);
  while (found?.parent !== undefined && view.tasks.has(found.parent)) found = view.tasks.get(found.parent);
  return found?.node ?? task;
}

function calledNode(view: RunView, { task, target }: { task: string; target: { node: string } }): string {
  return view.tasks.get(task)?.parent === undefined ? target.node : nodeOf(view, task);
}

function touch(index: RunIndex, node: string): void {
  index.stamps.set(node, (index.stamps.get(node) ?? 0) + 1);
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (!list) map.set(key, [value]);
  else if (list.at(-1) !== value) list.push(value);
}
