/** Where in the trace a failure shows. Pure. */
import type { RunView, TaskView } from '@switchyard/shared';
import { rowOfCall } from './call-key.ts';

/** The last failed call of the node that failed, or of what failed within the flow that it runs; without one, its task. */
export function failingRow(view: RunView, node: string | undefined): string {
  const tasks = [...view.tasks.values()];
  const outermost = tasks.findLast((each) => (node === undefined ? each.status === 'failed' : each.node === node && each.parent === undefined));
  if (!outermost) return 'run';
  const task = innermost(tasks, outermost);
  const call = task.calls.findLast((key) => view.calls.get(key)?.status === 'failed');
  return call === undefined ? `task ${task.task}` : rowOfCall(call);
}

/** A node that runs a flow fails with the failure of what failed there, perhaps after words of its own; what was given up along with it has another. */
function innermost(tasks: readonly TaskView[], task: TaskView): TaskView {
  const inner = tasks.find(
    ({ parent, status, failure }) => parent === task.task && status === 'failed' && failure !== undefined && task.failure?.message.endsWith(failure.message),
  );
  return inner ? innermost(tasks, inner) : task;
}
