/** What a run is busy with, as words, and the text to show while it streams. Pure. */
import type { CallView, RunView } from '@switchyard/shared';
import { isTurnCall } from './call-key.ts';
import type { RunIndex } from './run-index.ts';

/** The text that is being written, or was last written before the run ended: a node's own call before what it called. */
export function streamingCall(view: RunView): CallView | undefined {
  let other: CallView | undefined;
  for (const call of [...view.calls.values()].reverse()) {
    if (call.kind !== 'model' || call.text === '') continue;
    // A sub-agent's or a tool's text says less than that of the node that answers.
    if (call.target.node === view.tasks.get(call.task)?.node) return call;
    other ??= call;
  }
  return other;
}

/** Such as "Order planner, turn 2: Shop orders, Carrier"; `title` gives the title of a node beside a task. */
export function busyText(view: RunView, { open }: Pick<RunIndex, 'open'>, title: (task: string, node: string) => string): string {
  for (const id of view.waits.values()) {
    const task = view.tasks.get(id);
    if (task?.status === 'waiting') return `${title(task.task, task.node)} waits`;
  }
  // A run has many calls, and few of them at one time.
  const running = [...open].flatMap((key) => view.calls.get(key) ?? []).filter((call) => call.status === 'running');
  const [first] = running;
  if (!first) {
    const task = [...view.tasks.values()].findLast((each) => each.status === 'running');
    return task ? title(task.task, task.node) : '';
  }
  const titled = (id: string) => title(first.task, id);
  const node = view.tasks.get(first.task)?.node ?? first.task;
  const turn = first.target.turn === undefined ? '' : `, turn ${first.target.turn}`;
  if (running.some((call) => isTurnCall(call.key) && call.task === first.task)) return `${titled(node)}${turn}: thinks`;
  const called = [...new Set(running.filter((call) => call.task === first.task && call.target.node !== node).map((call) => titled(call.target.node)))];
  return called.length > 0 ? `${titled(node)}${turn}: calls ${called.join(', ')}` : `${titled(node)}${turn}`;
}
