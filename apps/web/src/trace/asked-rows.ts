/** Questions to people as rows of the trace: each hangs where the call or step that asks it stands. Pure. */
import { isJsonObject, type AskedView, type RunView } from '@switchyard/shared';
import { turnsOf } from '../run/call-key.ts';
import { beside, isOver, type TraceItem } from './trace-tree.ts';

/** Adds them to the tree of a run, each in the order of time among its neighbours. */
export function addAsked(root: TraceItem, view: RunView): void {
  for (const asked of view.asked.values()) {
    const places = [`task ${asked.task}`, ...turnsOf(asked.key).map(({ key }) => key)];
    const parent = places.reduce((at, id) => findItem(at, id) ?? at, root);
    const item = askedItem(asked, view, parent);
    const after = parent.children.findIndex((child) => child.startedAt > asked.startedAt);
    parent.children.splice(after < 0 ? parent.children.length : after, 0, item);
  }
}

function askedItem(asked: AskedView, view: RunView, parent: TraceItem): TraceItem {
  const isGone = isOver(view);
  const endedAt = asked.endedAt ?? (isGone ? view.endedAt : undefined);
  return {
    id: asked.key,
    sort: 'ask',
    label: asked.ask.operation === undefined ? 'asks a person' : `${asked.ask.operation}: asks`,
    ...beside(parent, asked.ask.node),
    asked,
    status: asked.endedAt === undefined ? (isGone ? 'cancelled' : 'waiting') : asked.answer === undefined ? 'failed' : 'done',
    startedAt: asked.startedAt,
    ...(endedAt !== undefined && { endedAt }),
    inputTokens: 0,
    outputTokens: 0,
    children: [],
  };
}

/** What was answered in a word or two; the question while there is no answer. */
export function askedNote({ ask, answer, endedAt }: AskedView): string {
  if (endedAt === undefined) return ask.title;
  if (!isJsonObject(answer)) return 'nobody answered in time';
  const reason = typeof answer.reason === 'string' && answer.reason !== '' ? `: ${answer.reason}` : '';
  return `${words[String(answer.choice)] ?? String(answer.choice)}${reason}`;
}

const words: Readonly<Record<string, string>> = {
  approve: 'approved',
  edit: 'approved as edited',
  reject: 'rejected',
  happened: 'it happened',
  repeat: 'repeated',
  'give-up': 'given up',
};

function findItem(item: TraceItem, id: string): TraceItem | undefined {
  if (item.id === id) return item;
  for (const child of item.children) {
    const found = findItem(child, id);
    if (found) return found;
  }
  return undefined;
}
