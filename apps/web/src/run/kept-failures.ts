/** Which nodes are done although a flow that they ran has failed, and where the trace shows it. Pure. */
import type { RunView } from '@switchyard/shared';
import { failuresAt, type BodyFailures, type FailedBodies } from './body-failures.ts';
import { rowOfCall } from './call-key.ts';
import { bodyOfTask } from './run-places.ts';

/** Nodes of the flow itself that are done although a flow that they ran has failed, each with the row of the first such failure. */
export function keptFailures(view: RunView, index: FailedBodies): ({ node: string; row: string } & BodyFailures)[] {
  return [...index.failedBodies].flatMap(([place, [body]]) => {
    const task = view.tasks.get(place);
    const failures = failuresAt(index, place);
    return task?.status === 'done' && task.parent === undefined && failures ? [{ node: task.node, row: firstRow(view, body), ...failures }] : [];
  });
}

function firstRow(view: RunView, body: string | undefined): string {
  for (const task of view.tasks.values()) {
    if (task.status !== 'failed' || task.handling !== undefined || bodyOfTask(task) !== body) continue;
    const call = task.calls.findLast((key) => view.calls.get(key)?.status === 'failed');
    return call === undefined ? `task ${task.task}` : rowOfCall(call);
  }
  return 'run';
}
