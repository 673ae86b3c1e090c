/** Why nothing can be told to a run, or of it. */
import { failure, type Failure } from '@switchyard/shared';

/** Why a signal to a run is refused. */
export function runEnded(run: string): Failure {
  return failure('run-ended', `The run "${run}" has ended; nothing can be told to it any more.`);
}

/** Why nothing can be told of a run. */
export function runMissing(run: string): Failure {
  return failure('run-missing', `No run with the id "${run}" is kept here. List the runs to see which there are.`);
}
