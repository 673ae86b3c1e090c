/** What the run port itself says has gone wrong. */
import { failure, type Failure } from '@switchyard/shared';
import type { CallKey } from '../../port.ts';
import type { Outcome } from './attempt.ts';
import type { JournalEntry } from './journal.ts';

/** Why a recorded key cannot be used. */
export function diverged(key: CallKey): Failure {
  return failure(
    'replay-diverged',
    `The call "${key}" asks for something else than it did when this run was recorded. The flow, its workspace or Switchyard has changed; start a new run.`,
  );
}

/** Why a signal to a run is refused. */
export function runEnded(run: string): Failure {
  return failure('run-ended', `The run "${run}" has ended; nothing can be told to it any more.`);
}

/** Why nothing can be told of a run. */
export function runMissing(run: string): Failure {
  return failure('run-missing', `No run with the id "${run}" is kept here. List the runs to see which there are.`);
}

/** How a write ends that was under way when its process died. */
export function outcomeUnknown(key: CallKey, entry: JournalEntry): Outcome {
  const unknown = failure(
    'outcome-unknown',
    `The write "${key}" was under way when Switchyard stopped; whether it took effect is not known, and it is not repeated. Look at the service it writes to, then run the flow again if needed.`,
  );
  return { failure: unknown, attempt: entry.attempt, startedAt: entry.startedAt, endedAt: Date.now() };
}
