/** What is said of a recorded call: by what it is known again, how it is told, and what it means where it cannot be used. */
import { hash } from 'node:crypto';
import { failure, type Failure, type Json, type RunEventBody } from '@switchyard/shared';
import { waitKind, type Call, type CallKey, type Completion, type JournalEntry, type Until } from '../../port.ts';
import { wholeUsage, type Outcome } from './attempt.ts';

/** SHA-256 of what a call asks, hex: a recorded result stands only for the same. */
export function inputHash(kind: string, request: Json): string {
  return hash('sha256', `${kind}\0${JSON.stringify(request)}`);
}

export function hashOfWait(until: Until): string {
  return inputHash(waitKind, until as unknown as Json);
}

export function completionOf({ key, result, failure: cause, usage }: JournalEntry, at: number): Completion {
  return { key, ...(result !== undefined && { result }), ...(cause && { failure: cause }), ...(usage && { usage }), at };
}

/** Of a call that was made. Written out: the spread of what may be absent costs as much as the rest of a call. */
export function completionFrom(key: CallKey, { result, failure: cause, usage, endedAt: at }: Outcome): Completion {
  if (cause) return usage ? { key, failure: cause, usage, at } : { key, failure: cause, at };
  return usage ? { key, result: result as Json, usage, at } : { key, result: result as Json, at };
}

export function entryFrom(key: CallKey, { kind, request }: Call, outcome: Outcome): JournalEntry {
  const { result, failure: cause, usage, attempt, startedAt, endedAt } = outcome;
  const ended = { ...(result !== undefined && { result }), ...(cause && { failure: cause }), ...(usage && { usage }) };
  return { key, kind, inputHash: inputHash(kind, request), ...ended, attempt, startedAt, endedAt };
}

export interface Told {
  call: Call;
  /** ms since the epoch at which its start and its end are told. */
  start: number;
  end: number;
  /** The run that it was recorded in, where that is another one. */
  from?: string | undefined;
}

/** The events of a call that was recorded before. */
export function tellRecorded(entry: JournalEntry, { call, start, end, from }: Told, emit: (event: RunEventBody, at: number) => void): void {
  const { key, attempt, startedAt, endedAt = startedAt, result, failure: cause, usage } = entry;
  const { task, kind, pool, request, target } = call;
  emit({ type: 'call-start', key, task, kind, pool, request, attempt, target }, start);
  const ended = { ...(result !== undefined && { result }), ...(cause && { failure: cause }), ...(usage && { usage: wholeUsage(usage) }) };
  emit({ type: 'call-end', key, attempt, ...ended, ms: endedAt - startedAt, replayed: true, ...(from !== undefined && { from }) }, end);
}

export function diverged(key: CallKey): Failure {
  return failure(
    'replay-diverged',
    `The call "${key}" asks for something else than it did when this run was recorded. The flow, its workspace or Switchyard has changed; start a new run.`,
  );
}

export function outcomeUnknown(key: CallKey, entry: JournalEntry): Outcome {
  const unknown = failure(
    'outcome-unknown',
    `The write "${key}" was under way when Switchyard stopped; whether it took effect is not known, and it is not repeated. Look at the service it writes to, then run the flow again if needed.`,
  );
  return { result: undefined, failure: unknown, usage: undefined, attempt: entry.attempt, startedAt: entry.startedAt, endedAt: Date.now() };
}
