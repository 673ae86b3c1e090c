/** What a run, or a node, ends with that took longer than it may. */
import { failure, FailureError, type Failure } from '@switchyard/shared';
import type { PlanTask } from '../plan.ts';

export function runTookTooLong(seconds: number): Failure {
  return failure(
    'limit-seconds',
    `The run took longer than the ${seconds} s that its limits allow. Raise "limits.seconds" of the flow, or see in the trace what took so long.`,
  );
}

export function taskTookTooLong({ title, policy }: PlanTask): FailureError {
  return new FailureError(
    failure(
      'timeout',
      `"${title}" did not end within the ${policy?.timeoutSeconds} s of its time limit. Raise the limit of the node, or see in the trace what took so long.`,
    ),
  );
}
