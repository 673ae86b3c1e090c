/**
 * What of a run concerns which place (run-places.ts), kept beside the folded view so that a card asks in constant time.
 *
 * 1. A place's stamp grows with every event that concerns it: its task, a call it makes, a call made to it.
 * 2. What happens in a flow that a node runs concerns that node as well, at every level around: whichever is on the canvas shows it.
 * 3. The index changes in place, together with the view; who draws compares stamps, never the objects.
 */
import { askOf, isJsonObject, type Json, type RunEvent, type RunView, type TaskView } from '@switchyard/shared';
import { noteFailedBody } from './body-failures.ts';
import { isTurnCall } from './call-key.ts';
import { bodyOfTask, emptyBodies, noteBody, placeOf, placesAround, type RunBodies } from './run-places.ts';

/** What is waited for: what a person is asked, or an event; without both, time passes. */
interface IndexedWait {
  /** The node of the flow itself that waits. */
  node: string;
  /** All places that wait with it. */
  places: string[];
  question?: string;
  event?: string;
}

export interface RunIndex {
  stamps: Map<string, number>;
  bodies: RunBodies;
  /** Of the bodies that a place has run, those that failed. */
  failedBodies: Map<string, Set<string>>;
  /** Keys of the calls made to a place, in the order they started. */
  callsTo: Map<string, string[]>;
  /** Calls in flight by `caller>called`. */
  inFlight: Map<string, number>;
  /** Keys of the calls that are counted there. */
  open: Set<string>;
  /** By the key of the wait. */
  waits: Map<string, IndexedWait>;
  /** Keys of the turns' own calls. */
  turns: Set<string>;
  /** Keys of calls that were asked for and not made. */
  refused: Set<string>;
  /** Names of the models that were asked. */
  models: Set<string>;
}

/** The index of a run of which nothing is known yet. */
export function emptyIndex(): RunIndex {
  return {
    stamps: new Map(),
    bodies: emptyBodies(),
    failedBodies: new Map(),
    callsTo: new Map(),
    inFlight: new Map(),
    open: new Set(),
    waits: new Map(),
    turns: new Set(),
    refused: new Set(),
    models: new Set(),
  };
}

/** The name under which calls in flight between two places are counted. */
export function pairName(caller: string, called: string): string {
  return `${caller}>${called}`;
}

/** Notes one event; the view has folded it already. */
export function noteEvent(index: RunIndex, view: RunView, event: RunEvent): void {
  switch (event.type) {
    case 'task-start':
    case 'task-skip':
      noteTask(index, view, event);
      touchTask(index, view, event.task);
      break;
    case 'task-failure':
      noteFailedBody(index, view.tasks.get(event.task));
      touchTask(index, view, event.task);
      break;
    case 'task-end':
      touchTask(index, view, event.task);
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
    case 'call-refused':
      index.refused.add(event.key);
      touchCall(index, view, event.key);
      break;
    case 'call-delta':
      touchCall(index, view, event.key);
      break;
    case 'call-end':
      if (index.open.delete(event.key)) countPairs(index, view, event.key, -1);
      touchCall(index, view, event.key);
      break;
    case 'run-end':
      index.inFlight.clear();
      index.open.clear();
      for (const place of index.stamps.keys()) touch(index, place);
      break;
    case 'run-start':
      forget(index);
      break;
  }
}

/** A run that is told anew, as one is that waited, was nowhere before; stamps go on, so that whoever draws sees the change. */
function forget(index: RunIndex): void {
  for (const map of [index.callsTo, index.inFlight, index.waits, index.failedBodies, index.bodies.byKey, index.bodies.byPlace]) map.clear();
  for (const set of [index.open, index.turns, index.refused, index.models]) set.clear();
  for (const place of index.stamps.keys()) touch(index, place);
}

function noteTask(index: RunIndex, view: RunView, { task, parent }: { task: string; parent?: string }): void {
  const [own, outer] = [view.tasks.get(task), view.tasks.get(parent ?? '')];
  if (own && outer) noteBody(index.bodies, bodyOfTask(own), outer);
}

/** When a wait has ended the view no longer knows whose it was. */
function touchWaiting(index: RunIndex, view: RunView, event: Extract<RunEvent, { type: 'wait-start' | 'wait-end' }>): void {
  if (event.type === 'wait-start') {
    const around = placesOf(index, view, event.task);
    const places = around.map(({ body, node }) => placeOf(body, node));
    index.waits.set(event.key, { node: around.at(-1)?.node ?? event.task, places, ...awaited(event.until) });
  }
  for (const place of index.waits.get(event.key)?.places ?? []) touch(index, place);
  if (event.type === 'wait-end') index.waits.delete(event.key);
}

function awaited(until: Json): { question?: string; event?: string } {
  const ask = askOf(until);
  if (ask) return { question: ask.title };
  return isJsonObject(until) && typeof until.signal === 'string' ? { event: until.signal } : {};
}

/** A plan concerns who planned and, where that was called, whose task it is. */
function touchPlan(index: RunIndex, view: RunView, event: Extract<RunEvent, { type: 'plan' | 'plan-step' }>): void {
  touchTask(index, view, event.task);
  const task = view.tasks.get(event.task);
  const planner = view.plans.get(event.key)?.node;
  if (task && planner !== undefined && planner !== task.node) touch(index, placeOf(bodyOfTask(task), planner));
}

/** A repeated attempt is the same call. */
function noteStart(index: RunIndex, view: RunView, event: Extract<RunEvent, { type: 'call-start' }>): void {
  if (index.open.has(event.key)) return;
  index.open.add(event.key);
  if (isTurnCall(event.key)) index.turns.add(event.key);
  if (event.kind === 'model' && isJsonObject(event.request)) index.models.add(String(event.request.model));
  countPairs(index, view, event.key, 1);
  for (const { called } of pairsOf(index, view, event))
    if (event.attempt <= 1 || !index.callsTo.get(called)?.includes(event.key)) append(index.callsTo, called, event.key);
}

function touchCall(index: RunIndex, view: RunView, key: string): void {
  const call = view.calls.get(key);
  if (!call) return;
  for (const { caller, called } of pairsOf(index, view, call)) {
    touch(index, called);
    if (caller !== called) touch(index, caller);
  }
}

function countPairs(index: RunIndex, view: RunView, key: string, change: number): void {
  const call = view.calls.get(key);
  if (!call) return;
  for (const { caller, called } of pairsOf(index, view, call)) {
    const name = pairName(caller, called);
    const count = (index.inFlight.get(name) ?? 0) + change;
    if (count > 0) index.inFlight.set(name, count);
    else index.inFlight.delete(name);
  }
}

/** Who calls whom, at the level of the call and at each one around it: there a call from within a flow is one to the node that runs the flow. */
function pairsOf(index: RunIndex, view: RunView, { task, target }: { task: string; target: { node: string } }): { caller: string; called: string }[] {
  const own = view.tasks.get(task);
  if (!own) return [{ caller: task, called: target.node }];
  const places = placesAround(index.bodies, own);
  let runner: TaskView | undefined = own;
  return places.map(({ body, node }, depth) => {
    const called = placeOf(body, depth === 0 ? target.node : node);
    const caller = runner ? runner.task : called;
    runner = runner?.parent === undefined ? undefined : view.tasks.get(runner.parent);
    return { caller, called };
  });
}

function placesOf(index: RunIndex, view: RunView, task: string): { body: string; node: string }[] {
  const own = view.tasks.get(task);
  return own ? placesAround(index.bodies, own) : [];
}

function touchTask(index: RunIndex, view: RunView, task: string): void {
  for (const { body, node } of placesOf(index, view, task)) touch(index, placeOf(body, node));
  const outer = view.tasks.get(view.tasks.get(task)?.parent ?? '');
  // Where an operation of a node was called that runs a flow, this concerns who called as well.
  if (outer) touchTask(index, view, outer.task);
}

function touch(index: RunIndex, place: string): void {
  index.stamps.set(place, (index.stamps.get(place) ?? 0) + 1);
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (!list) map.set(key, [value]);
  else if (list.at(-1) !== value) list.push(value);
}
