/** What a call ends with where what was recorded of it cannot be used. */
import { failure, type Failure } from '@switchyard/shared';
import type { CallKey, JournalEntry } from '../../../port.ts';
import type { Outcome } from './attempt.ts';

export function diverged(key: CallKey): Failure {
  return failure(
    'replay-diverged',
    `The call "${key}" asks for something else than it did when this run was recorded. The flow, its workspace or Switchyard has changed; start a new run.`,
  );
}

/** The result that somebody gave cannot stand for what the key is now. */
export function editUnfit({ key, kind }: JournalEntry, now: string): Failure {
  return failure('edit-unfit', `The result given for "${key}" is of a ${kind}, and the flow asks for a ${now} there now. Begin without it, or give another.`);
}

/** Of a write that an earlier run had begun. `before` is how it ended there, where it did. */
export function outcomeLeftUnknown(key: CallKey, before: Failure | undefined): Failure {
  if (isUnknown(before)) return before as Failure;
  return failure(
    'outcome-unknown',
    `An earlier run made the write "${key}" and did not hear that it was done; whether it took effect is not known, and it is not repeated.`,
    before && { cause: before },
  );
}

export function isUnknown(cause: Failure | undefined): boolean {
  return cause?.code === 'outcome-unknown';
}

export function outcomeUnknown(key: CallKey, entry: JournalEntry): Outcome {
  const unknown = failure(
    'outcome-unknown',
    `The write "${key}" was under way when Switchyard stopped; whether it took effect is not known, and it is not repeated. Look at the service it writes to, then run the flow again if needed.`,
  );
  return { result: undefined, failure: unknown, usage: undefined, attempt: entry.attempt, startedAt: entry.startedAt, endedAt: Date.now() };
}
