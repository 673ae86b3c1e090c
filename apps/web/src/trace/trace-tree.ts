/**
 * The tree of a run: run > task > turn > call, derived from the folded view alone, live or past. Pure.
 *
 * 1. A turn's own model call is the turn's row; every other call made in the turn hangs below it.
 * 2. Tasks of a flow that a task runs hang below that task, and lead to their own node: on the level of the canvas that shows that flow.
 * 3. Where a called node plans itself, its turns hang below a row for the call to it.
 * 4. A program that a model wrote is one row, whatever the number of its passes, and shows the latest; what it called hangs below it.
 */
import type { AskedView, CallView, RunView, TaskView } from '@switchyard/shared';
import { failuresAt, noteFailedBody, type BodyFailures } from '../run/body-failures.ts';
import { isTurnCall, programOf, turnsOf } from '../run/call-key.ts';
import { bodiesAbove, bodyOfTask, emptyBodies, noteBody, type RunBodies } from '../run/run-places.ts';

export type TraceStatus = 'running' | 'done' | 'failed' | 'skipped' | 'waiting' | 'resting' | 'cancelled' | 'idle';

export interface TraceItem {
  id: string;
  sort: 'run' | 'task' | 'turn' | 'group' | 'call' | 'ask';
  label: string;
  /** The node that runs or is called. */
  node?: string;
  /** The execution of a flow in which it does (run-places.ts); empty for the flow itself. */
  body: string;
  /** The node with those through which its flow is run, `each/topic`: the same for all executions. */
  site?: string;
  /** The call whose request and response belong to this row. */
  call?: CallView;
  task?: TaskView;
  /** What a person was asked. */
  asked?: AskedView;
  status: TraceStatus;
  startedAt: number;
  endedAt?: number;
  inputTokens: number;
  outputTokens: number;
  cost?: number;
  /** The executions of a flow that it ran and that failed, where it went on, and of how many. */
  failures?: BodyFailures;
  children: TraceItem[];
}

/** The run's tree; undefined before its first event. `title` gives a node's title by its site. */
export function traceTree(view: RunView, title: (site: string) => string): TraceItem | undefined {
  if (view.status === 'none') return undefined;
  const root: TraceItem = {
    id: 'run',
    sort: 'run',
    label: 'Run',
    body: '',
    status: waitStatus(view, view.status),
    startedAt: view.startedAt,
    ...ending(view.endedAt),
    ...figures(view.usage),
    children: [],
  };
  const items = new Map<string, TraceItem>();
  const bodies = emptyBodies();
  const failedBodies = new Map<string, Set<string>>();
  for (const task of view.tasks.values()) {
    const outer = view.tasks.get(task.parent ?? '');
    if (outer) noteBody(bodies, bodyOfTask(task), outer);
    noteFailedBody({ bodies, failedBodies }, task);
    const item = taskItem(view, task, bodies);
    item.label = `${executionText(task)}${title(item.site ?? task.node)}`;
    items.set(task.task, item);
    (items.get(task.parent ?? '') ?? root).children.push(item);
  }
  for (const place of failedBodies.keys()) {
    const item = items.get(place);
    const failures = failuresAt({ bodies, failedBodies }, place);
    if (item?.status === 'done' && failures) item.failures = failures;
  }
  return root;
}

/** Which execution of the flow around it a task belongs to, where there may be many: `[3] ` of a list, `pricing.run ` of an operation. */
function executionText(task: TaskView): string {
  const own = bodyOfTask(task).slice(task.parent?.length);
  const text = own.startsWith('[') ? own : groupLabel(own.replace(turnBefore, ''), '');
  return text === '' ? '' : `${text} `;
}

const turnBefore = /^.*#t\d+(?=\.)/;

function taskItem(view: RunView, task: TaskView, bodies: RunBodies): TraceItem {
  const body = bodyOfTask(task);
  const above = bodiesAbove(bodies, body).map(({ node }) => node);
  const item: TraceItem = {
    id: `task ${task.task}`,
    sort: 'task',
    label: task.node,
    node: task.node,
    body,
    site: [...above, task.node].join('/'),
    task,
    status: waitStatus(view, endStatus(view, task.status), task.task),
    startedAt: task.startedAt,
    ...ending(task.endedAt ?? view.endedAt),
    ...figures(task.usage),
    children: [],
  };
  const places = new Map<string, TraceItem>([[task.task, item]]);
  for (const key of task.calls) {
    const call = view.calls.get(key);
    if (call) placeCall(view, places, call);
  }
  return item;
}

/** A node of the flow in which another item stands. */
export function beside({ body, site = '' }: TraceItem, node: string | undefined): Pick<TraceItem, 'body' | 'site'> & { node?: string } {
  return { body, ...(node !== undefined && { node, site: site.replace(/[^/]*$/, node) }) };
}

function placeCall(view: RunView, places: Map<string, TraceItem>, call: CallView): void {
  let parent = places.get(call.task) as TraceItem;
  let reached = call.task;
  for (const turn of turnsOf(call.key)) {
    // A task of a flow that was run in a turn has that turn in its id: it is not a turn of its own.
    if (turn.key.length <= call.task.length) continue;
    const before = turn.key.slice(0, turn.key.lastIndexOf('#'));
    if (before !== reached) {
      ({ parent, reached } = withinProgram(places, { parent, reached }, before));
      const label = groupLabel(before, reached);
      parent = placeAt(places, parent, { id: before, sort: 'group', label, node: label.split('.')[0] ?? label });
      widen(parent, view, call);
    }
    parent = placeAt(places, parent, { id: turn.key, sort: 'turn', label: `turn ${turn.number}`, node: parent.node ?? call.target.node });
    widen(parent, view, call);
    reached = turn.key;
  }
  const program = programOf(call.key);
  if (program !== undefined) {
    placePass(view, places, { parent, program, call });
    return;
  }
  ({ parent } = withinProgram(places, { parent, reached }, call.key));
  if (parent.id !== reached) extend(parent, view, call);
  if (isTurnCall(call.key) && parent.sort === 'turn' && !parent.call) Object.assign(parent, callParts(view, call));
  else
    parent.children.push({ id: call.key, sort: 'call', label: callLabel(call), ...beside(parent, call.target.node), ...callParts(view, call), children: [] });
}

interface Place {
  parent: TraceItem;
  /** The key that it stands for. */
  reached: string;
}

/** The program's row, where a program of the turn made what stands at `key`. */
function withinProgram(places: ReadonlyMap<string, TraceItem>, { parent, reached }: Place, key: string): Place {
  const [name] = key.slice(reached.length + 1).split('.', 1);
  const program = places.get(`${reached}.${name}`);
  return program?.sort === 'call' ? { parent: program, reached: program.id } : { parent, reached };
}

function placePass(view: RunView, places: Map<string, TraceItem>, { parent, program, call }: { parent: TraceItem; program: string; call: CallView }): void {
  const label = `${call.target.node}.${program.slice(program.lastIndexOf('.') + 1)}`;
  const row = placeAt(places, parent, { id: program, sort: 'call', label, node: call.target.node });
  const startedAt = Math.min(row.startedAt, call.startedAt);
  delete row.endedAt;
  Object.assign(row, callParts(view, call), { startedAt });
}

/** A program is at work while a call of its is. */
function extend(program: TraceItem, view: RunView, call: CallView): void {
  const endedAt = call.endedAt ?? view.endedAt;
  if (endedAt === undefined) {
    program.status = 'running';
    delete program.endedAt;
  } else if (program.endedAt !== undefined) program.endedAt = Math.max(program.endedAt, endedAt);
}

/** The row that stands at a key, made below `parent` where it is not there yet. */
function placeAt(places: Map<string, TraceItem>, parent: TraceItem, place: Pick<TraceItem, 'id' | 'sort' | 'label' | 'node'>): TraceItem {
  const there = places.get(place.id);
  if (there) return there;
  const made: TraceItem = {
    ...place,
    ...beside(parent, place.node),
    status: 'done',
    startedAt: Number.POSITIVE_INFINITY,
    inputTokens: 0,
    outputTokens: 0,
    children: [],
  };
  places.set(place.id, made);
  parent.children.push(made);
  return made;
}

/** A row without a call of its own spans those below it, and runs while one of them does. */
function widen(item: TraceItem, view: RunView, call: CallView): void {
  if (item.call) return;
  item.startedAt = Math.min(item.startedAt, call.startedAt);
  const endedAt = call.endedAt ?? view.endedAt;
  const status = endStatus(view, call.status);
  if (endedAt === undefined || item.status === 'running') {
    item.status = 'running';
    delete item.endedAt;
  } else if (endedAt >= (item.endedAt ?? 0)) {
    item.status = status;
    item.endedAt = endedAt;
  }
}

function callParts(view: RunView, call: CallView): Pick<TraceItem, 'call' | 'status' | 'startedAt' | 'inputTokens' | 'outputTokens'> & Partial<TraceItem> {
  return { call, status: endStatus(view, call.status), startedAt: call.startedAt, ...ending(call.endedAt ?? view.endedAt), ...figures(call.usage) };
}

/** Waiting for a person is told apart from waiting for a moment or an event: of one task, or of all. */
function waitStatus<Status extends TraceStatus>(view: RunView, status: Status, task?: string): Status | 'resting' {
  if (status !== 'waiting') return status;
  const isAsking = [...view.waits].some(([key, of]) => (task === undefined || of === task) && view.asked.has(key));
  return isAsking ? status : 'resting';
}

/** Nothing more comes of it. */
export function isOver({ endedAt, status, isPartial }: RunView): boolean {
  return endedAt !== undefined && status !== 'waiting' && !isPartial;
}

/** What still ran when the run ended was stopped with it. */
function endStatus(view: RunView, status: TaskView['status'] | CallView['status']): TraceStatus {
  return (status === 'running' || status === 'waiting') && isOver(view) ? 'cancelled' : status;
}

function ending(endedAt: number | undefined): { endedAt?: number } {
  return endedAt === undefined ? {} : { endedAt };
}

function figures(usage: { inputTokens: number; outputTokens: number; cost?: number } | undefined): Pick<TraceItem, 'inputTokens' | 'outputTokens' | 'cost'> {
  return { inputTokens: usage?.inputTokens ?? 0, outputTokens: usage?.outputTokens ?? 0, ...(usage?.cost !== undefined && { cost: usage.cost }) };
}

function callLabel(call: CallView): string {
  const { node, operation, escalated } = call.target;
  if (escalated) return `${node}.fallback`;
  if (operation) return `${node}.${operation}`;
  const name = /#t\d+\.([a-z]+)$/.exec(call.key)?.[1];
  return name ? `${node}.${name}` : node;
}

/** `planner#t1.helper.ask.0` after `planner#t1` reads `helper.ask`. */
function groupLabel(key: string, reached: string): string {
  return key
    .slice(reached.length)
    .replace(/^\./, '')
    .replace(/\.\d+$/, '');
}
