/** Where in the trace a failure shows. Pure. */
import type { RunView } from '@switchyard/shared';
import { rowOfCall } from './call-key.ts';

/** The last failed call of the node that failed; without one, its task. */
export function failingRow(view: RunView, node: string | undefined): string {
  const task = [...view.tasks.values()].findLast((each) => (node === undefined ? each.status === 'failed' : each.node === node && each.parent === undefined));
  if (!task) return 'run';
  const call = task.calls.findLast((key) => view.calls.get(key)?.status === 'failed');
  return call === undefined ? `task ${task.task}` : rowOfCall(call);
}
