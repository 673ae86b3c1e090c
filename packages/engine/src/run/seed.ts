/**
 * Seeds: which recorded results of an earlier run are laid under a new one. Every use is one: run from here, run one node, fork with an edited result.
 *
 * 1. What is run anew is what was asked for, what is stale, and all that depends on either; the rest keeps its results, writes included.
 * 2. A task that is begun in its midst (`from` or `edits` name one of its calls), and what depends on it, keeps what was recorded up to there, but
 *    nothing that a person or the outside said: that was said for what followed then.
 * 3. A failure is kept only where its task went on from it: what ended a task is tried again; a write only where it surely did not take effect.
 * 4. An edited result stands whatever its call asks for now; where no call could ask for it, the run is refused.
 * 5. What a recorded call cost is not counted again: nothing is spent.
 */
import { failure, FailureError, isJsonObject, type JsonObject, type Json, type SeedRequest } from '@switchyard/shared';
import type { Registry } from '../node.ts';
import { hashed } from '../plan-hash.ts';
import type { Plan, PlanInput, PlanTask } from '../plan.ts';
import { waitKind, type JournalEntry, type Seed } from '../port.ts';
import { mayHaveHappened, spentAnswers, withoutEnd } from './kept-entries.ts';
import { sourcesOf, staleTasks, withFollowers, type PlannedRun } from './stale-tasks.ts';

/** A run as it was recorded. */
export interface RecordedRun extends PlannedRun {
  run: string;
  entries: readonly JournalEntry[];
  /** Nodes whose tasks ended: done, or with a failure that their policy dealt with. */
  ended: ReadonlySet<string>;
}

/** Waited for by the run as a whole: no result of a task. */
const runWide = /^run\.(?:cancel|deadline|turn)(?:\.\d+)?$/;

interface Wish {
  request: SeedRequest;
  registry: Registry;
}

/** Makes the seed of a run of `now` from `recorded`. Throws the FailureError `seed-unknown` where the request names what is not there. */
export function makeSeed(recorded: RecordedRun, now: PlannedRun, { request, registry }: Wish): Seed {
  const { plan } = now;
  const { from, edits = {}, pins = {} } = request;
  const ids = new Set(plan.tasks.map(({ id }) => id));
  const isNode = from !== undefined && ids.has(from);
  const named = withFollowers(plan, new Set([...Object.keys(pins), ...(isNode ? [from] : [])]));
  const stale = staleTasks(recorded, now, registry);
  const limits = limitsOf(recorded, plan, { edits, ...(from !== undefined && !isNode && { from }) });
  checkEdits(recorded, plan, { edits, pins });
  const isOpen = ({ key }: JournalEntry) => !recorded.ended.has(taskOf(key)) && !limits.has(taskOf(key));
  const spent = spentAnswers(recorded.entries.filter(isOpen));
  const isKept = (entry: JournalEntry) => {
    const { key, completion } = entry;
    const task = taskOf(key);
    if (completion === undefined || stale.has(task) || spent.has(key)) return false;
    const limit = limits.get(task);
    if (limit !== undefined) return completion < limit && !(entry.kind === waitKind && entry.result !== undefined);
    return !entry.failure || recorded.ended.has(task);
  };
  const laid = recorded.entries.flatMap((entry) => {
    const { key } = entry;
    if (Object.hasOwn(edits, key)) return [edited(entry, edits[key] as Json)];
    const task = taskOf(key);
    if (runWide.test(key) || !ids.has(task) || named.has(task) || key === from) return [];
    if (isKept(entry)) return [unpaid(entry)];
    return mayHaveHappened(entry) ? [withoutEnd(entry)] : [];
  });
  const entries = laid.sort((a, b) => (a.completion ?? Number.MAX_SAFE_INTEGER) - (b.completion ?? Number.MAX_SAFE_INTEGER));
  return { of: recorded.run, differing: 'anew', entries, edited: new Set(Object.keys(edits)) };
}

/** Of the tasks whose calls are named, and what depends on these: the first completion that is not kept. */
function limitsOf(recorded: RecordedRun, plan: Plan, { from, edits }: { from?: string; edits: Record<string, Json> }): Map<string, number> {
  const completions = new Map(recorded.entries.map(({ key, completion }) => [key, completion]));
  const limits = new Map<string, number>();
  const begin = (key: string, kept: number) => {
    const completion = completions.get(key);
    if (completion === undefined) throw unrecorded(recorded, key, plan);
    for (const id of withFollowers(plan, new Set([taskOf(key)]))) limits.set(id, Math.min(limits.get(id) ?? Number.POSITIVE_INFINITY, completion + kept));
  };
  if (from !== undefined) begin(from, 0);
  for (const key of Object.keys(edits)) begin(key, 1);
  return limits;
}

/** The plan as far as a task, which alone is left of what it leads to. Throws the FailureError `seed-unknown` where there is no such task. */
export function cutPlan(plan: Plan, to: string): Plan {
  const last = plan.tasks.find(({ id }) => id === to);
  if (!last) throw unknown(`The flow has no step "${to}".`);
  const wanted = new Set([to]);
  for (const task of [...plan.tasks].reverse()) if (wanted.has(task.id)) for (const source of sourcesOf(task, plan)) wanted.add(source);
  const kept = plan.tasks.filter(({ id }) => wanted.has(id));
  const places = new Map(kept.map(({ id }, place) => [id, place]));
  const { hash: _, ...rest } = plan;
  const placed = ({ sources, ...input }: PlanInput): PlanInput => ({
    ...input,
    sources: sources.map(({ task, port }) => ({ task: places.get((plan.tasks[task] as PlanTask).id) as number, port })),
  });
  const tasks = kept.map((task) => ({ ...task, inputs: Object.fromEntries(Object.entries(task.inputs).map(([port, input]) => [port, placed(input)])) }));
  return hashed({ ...rest, tasks });
}

/** Throws where a pin is of no node of the flow, or gives what the node has no output for. */
export function checkPins(plan: Plan, pins: Record<string, JsonObject>, registry: Registry): void {
  for (const [id, outputs] of Object.entries(pins)) {
    const task = plan.tasks.find((each) => each.id === id);
    const kind = task && registry.get(task.kind);
    if (!task || !kind) throw unknown(`The flow has no step "${id}" whose outputs could be pinned.`);
    const flow = task.flow === undefined ? undefined : plan.flows?.[task.flow]?.ports;
    const ports = Object.keys(kind.ports(kind.config.parse(task.config), flow).outputs);
    if (task.policy?.onFailure === 'port') ports.push('error');
    for (const port of Object.keys(outputs)) {
      if (!ports.includes(port)) throw unknown(`"${id}" has no output "${port}" to be pinned; it has: ${ports.join(', ') || 'none'}.`);
    }
  }
}

/** The node of the flow itself that a call's key belongs to. */
export function taskOf(key: string): string {
  return /^[a-z][a-z0-9_]*/.exec(key)?.[0] ?? key;
}

function unpaid({ usage: _, ...entry }: JournalEntry): JournalEntry {
  return entry;
}

function edited({ usage: _, failure: _failure, ...entry }: JournalEntry, result: Json): JournalEntry {
  return { ...entry, result };
}

/** Throws where an edited result would be of no use: of a step that is gone or pinned, or in another shape. */
function checkEdits({ entries }: RecordedRun, plan: Plan, { edits, pins }: { edits: Record<string, Json>; pins: Record<string, JsonObject> }): void {
  for (const { key, result } of entries) {
    const given = edits[key];
    if (given === undefined) continue;
    const task = taskOf(key);
    if (!plan.tasks.some(({ id }) => id === task)) throw unknown(`The flow has no step "${task}" any more, so nothing asks for the result given for "${key}".`);
    if (Object.hasOwn(pins, task)) throw unknown(`"${task}" is pinned, so it makes no calls: the result given for "${key}" would not be used. Take one away.`);
    checkEdit(key, result, given);
  }
}

/** What stands in place of an object is one: a node reads the parts of a call's result, and would fail in its midst. */
function checkEdit(key: string, recorded: Json | undefined, given: Json): void {
  if (!isJsonObject(recorded) || isJsonObject(given)) return;
  throw unknown(`The result of "${key}" was recorded as an object with ${Object.keys(recorded).join(', ')}; give the whole of it, with what is to be another.`);
}

const mostNamed = 10;

function unrecorded({ run, entries }: RecordedRun, key: string, plan: Plan): FailureError {
  const keys = entries.filter((entry) => entry.completion !== undefined && !runWide.test(entry.key)).map((entry) => entry.key);
  const named = `${keys.slice(0, mostNamed).join(', ')}${keys.length > mostNamed ? ` and ${keys.length - mostNamed} more` : ''}`;
  const isStep = plan.tasks.some(({ id }) => id === key);
  return unknown(
    [
      `${isStep ? 'The' : `The flow has no step "${key}", and the`} run "${run}" recorded no result of "${key}".`,
      keys.length === 0 ? 'It made no calls.' : `It has results of: ${named}.`,
      ...(isStep ? ['Other outputs of a step are given by a pin.'] : []),
    ].join(' '),
  );
}

function unknown(message: string): FailureError {
  return new FailureError(failure('seed-unknown', message));
}
