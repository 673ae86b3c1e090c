/** What becomes of a failure: some end the run whatever a flow says, others are dealt with by the node's policy. */
import { errorPort, type Failure, type Json, type JsonObject, type NodePolicy } from '@switchyard/shared';

export { isFinal } from '@switchyard/shared';

export interface Handled {
  handling: 'continue' | 'port';
  outputs: JsonObject;
}

/** As it is told to the node that ran the body in which it happened: an item is one of the list of the node that failed. */
export function outsideBody({ item: _, ...cause }: Failure): Failure {
  return cause;
}

/** How the policy deals with the failure; undefined where the failure stops the body that the task belongs to. */
export function handle(policy: NodePolicy | undefined, failure: Failure): Handled | undefined {
  if (policy?.onFailure === 'continue') return { handling: 'continue', outputs: policy.default ?? {} };
  if (policy?.onFailure === 'port') return { handling: 'port', outputs: { [errorPort]: failure as unknown as Json } };
  return undefined;
}
