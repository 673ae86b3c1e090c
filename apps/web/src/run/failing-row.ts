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

/**
 * A node that runs a flow fails with the failure of what failed there; one that does so for each item of a list says which item, after words of its own.
 * What was given up along with it has another code, and what was dealt with there did not end it.
 */
function innermost(tasks: readonly TaskView[], task: TaskView): TaskView {
  const { failure } = task;
  if (!failure) return task;
  const isIt = ({ task: id, failure: inner }: TaskView) =>
    failure.item === undefined ? inner?.message === failure.message : inner?.code === failure.code && id.startsWith(`${task.task}[${failure.item}].`);
  const inner = tasks.find((each) => each.parent === task.task && each.status === 'failed' && each.handling === undefined && isIt(each));
  return inner ? innermost(tasks, inner) : task;
}
