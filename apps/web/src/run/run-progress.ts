/** What a run is busy with, as words, and the text to show while it streams. Pure. */
import type { CallView, RunView } from '@switchyard/shared';
import { isTurnCall } from './call-key.ts';

/** The text that is being written, or was last written before the run ended: a node's own call before what it called. */
export function streamingCall(view: RunView): CallView | undefined {
  let best: CallView | undefined;
  for (const call of view.calls.values()) {
    if (call.kind !== 'model' || call.text === '') continue;
    if (!best || rank(view, call) >= rank(view, best)) best = call;
  }
  return best;
}

/** A sub-agent's or a tool's text says less than that of the node that answers. */
function rank(view: RunView, call: CallView): number {
  return call.target.node === view.tasks.get(call.task)?.node ? 1 : 0;
}

/** Such as "Order planner, turn 2: Shop orders, Carrier"; `title` gives the title of a node beside a task. */
export function busyText(view: RunView, title: (task: string, node: string) => string): string {
  const running = [...view.calls.values()].filter((call) => call.status === 'running');
  const waiting = [...view.tasks.values()].find((task) => task.status === 'waiting');
  if (waiting) return `${title(waiting.task, waiting.node)} waits`;
  const first = running[0];
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
