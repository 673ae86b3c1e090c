/** What a card shows of the run on screen: its state in a word, a line, and for a node that calls others the list of what it did. Pure. */
import type { CallView, PlanView, TaskView } from '@switchyard/shared';
import type { Status } from '../ui/status-mark.tsx';
import { stepStatus, stepTitle } from '../run/plan-list.tsx';
import { failuresText, type BodyFailures } from '../run/body-failures.ts';
import { callLine, callTime } from './call-line.ts';

export interface CheckItem {
  key: string;
  text: string;
  status: Status;
}

export interface CardRun {
  status: Status;
  /** Said instead of the status's own word. */
  word?: string;
  line?: string;
  /** How long what the line tells took. */
  time?: string;
  checklist?: readonly CheckItem[];
  /** What a person is asked. */
  question?: string;
  /** Why its result no longer holds. */
  stale?: string;
  /** Its outputs were given, or are those of an earlier run. */
  origin?: 'pinned' | 'earlier';
}

export interface CardRunSource {
  id: string;
  mayCall: boolean;
  task: TaskView | undefined;
  callsBy: readonly CallView[];
  callsTo: readonly CallView[];
  /** Whether more of the run is to come, so that what has not started may start yet. */
  isRunning: boolean;
  /** How often the flow that it runs has failed. */
  failures?: BodyFailures | undefined;
  /** Why its result no longer holds. */
  stale: string | undefined;
  /** What it asks a person; without it, a node that waits does so for a moment or an event. */
  question: string | undefined;
  /** What it means to do, where its strategy is to plan first. */
  plan: PlanView | undefined;
  title(node: string): string;
}

const mostItems = 5;
const mostSteps = 8;
/** A call made in a turn or by its program, without what it called in turn: `planner#t1.orders.query.0`, `planner#t1.code.orders.query.0`. */
const directCall = /^[^#]*#t\d+\.(?:code\d*\.)?[a-z0-9_-]+\.\w+\.\d+/i;

/** Undefined where the run has nothing to say of the node. */
export function cardRun(source: CardRunSource): CardRun | undefined {
  const { task, callsTo, callsBy, mayCall, isRunning, question, stale, plan, failures } = source;
  const calls = callsTo.filter((call) => !isPreparation(call));
  const last = calls.at(-1);
  if (!task && !last) return isRunning ? { status: 'idle' } : undefined;
  const reached = statusOf(task, calls, isRunning);
  const isStale = stale !== undefined && (reached === 'done' || reached === 'failed');
  const isIdleWait = reached === 'waiting' && question === undefined;
  const status = isStale ? 'stale' : isIdleWait ? 'resting' : reached;
  const origin = originOf(task, task ? callsBy : calls);
  const marks = {
    status,
    ...(status === 'waiting' && question !== undefined && { question }),
    ...(isStale && { stale }),
    ...(origin && { origin }),
  };
  if (!mayCall || (!task && !plan)) {
    // That some failed matters more than what the last call gave.
    if (failures && task?.status === 'done') return { ...marks, line: failuresText(failures) };
    const line = lineOf(task, last);
    const time = last && callTime(last);
    return { ...marks, ...(line !== undefined && { line }), ...(time !== undefined && { time }) };
  }
  const turn = Math.max(0, ...callsBy.map((call) => call.target.turn ?? 0));
  const checklist = plan ? stepsOf(plan, source) : checklistOf(source, task as TaskView);
  return { ...marks, ...(status === 'running' && turn > 0 && { word: `turn ${turn}` }), checklist };
}

/** Where every call is an earlier run's, so is the result: of those that a task made, or that were made to a node that is only called. */
function originOf(task: TaskView | undefined, calls: readonly CallView[]): CardRun['origin'] {
  if (task?.pinned) return 'pinned';
  const isOver = !task || task.endedAt !== undefined;
  return isOver && calls.length > 0 && calls.every((call) => call.from !== undefined) ? 'earlier' : undefined;
}

/** Reading what a node offers is not yet calling it: once that is read, the card is as before. */
export function isPreparation({ target, status }: CallView): boolean {
  return target.operation === 'catalogue' && status === 'done';
}

function statusOf(task: TaskView | undefined, calls: readonly CallView[], isRunning: boolean): Status {
  const stopped = (status: Status): Status => (isRunning ? status : 'cancelled');
  if (calls.some((call) => call.status === 'running')) return stopped('running');
  if (task) return task.status === 'running' || task.status === 'waiting' ? stopped(task.status) : task.status;
  return calls.at(-1)?.status === 'failed' ? 'failed' : 'done';
}

/** Of a task that failed its own reason: its last call may have come back well, or been given up with the rest. */
function lineOf(task: TaskView | undefined, call: CallView | undefined): string | undefined {
  if (task?.status === 'failed' && task.failure) return task.failure.message;
  return call ? callLine(call) : task?.why;
}

/** The calls of the task in their order, then the answer. */
function checklistOf({ id, callsBy, isRunning, title }: CardRunSource, task: TaskView): CheckItem[] {
  const items = new Map<string, CheckItem>();
  for (const call of callsBy) {
    const key = directCall.exec(call.key)?.[0];
    if (!key || (call.target.node === id && !items.has(key)) || call.target.operation === 'catalogue') continue;
    const before = items.get(key);
    const status = call.status === 'running' && !isRunning ? 'cancelled' : call.status;
    if (before) before.status = before.status === 'running' || status === 'done' ? before.status : status;
    else items.set(key, { key, text: `${title(call.target.node)}: ${call.target.operation ?? 'call'}`, status });
  }
  const list = [...items.values()];
  const shown = list.slice(-mostItems);
  const earlier = list.length - shown.length;
  return [
    ...(earlier > 0 ? [{ key: 'earlier', text: `${earlier} earlier`, status: 'done' as const }] : []),
    ...shown,
    { key: 'answer', text: 'Answer', status: answerStatus(task, list, isRunning) },
  ];
}

/** The steps of its plan about where it is now, then the answer. */
function stepsOf({ steps }: PlanView, { task, isRunning, title }: CardRunSource): CheckItem[] {
  const items = steps.map((step): CheckItem => ({ key: step.id, text: stepTitle(step, title), status: stepStatus(step, isRunning) }));
  const open = items.findIndex((item) => item.status === 'running' || item.status === 'queued');
  const first = Math.max(0, Math.min(open < 0 ? items.length : open - 2, items.length - mostSteps));
  const after = items.length - first - mostSteps;
  return [
    ...(first > 0 ? [{ key: 'earlier', text: `${first} earlier`, status: 'done' as const }] : []),
    ...items.slice(first, first + mostSteps),
    ...(after > 0 ? [{ key: 'later', text: `${after} more`, status: 'queued' as const }] : []),
    ...(task ? [{ key: 'answer', text: 'Answer', status: answerStatus(task, items, isRunning) }] : []),
  ];
}

function answerStatus(task: TaskView, items: readonly CheckItem[], isRunning: boolean): Status {
  if (task.status === 'done' || task.status === 'failed') return task.status;
  if (!isRunning) return 'cancelled';
  if (task.status !== 'running') return 'idle';
  return items.length > 0 && items.every((item) => item.status !== 'running' && item.status !== 'queued') ? 'running' : 'idle';
}
