/** What is said of a recorded call: by what it is known again, and how it is kept and told. */
import { hash } from 'node:crypto';
import type { Json, RunEventBody } from '@switchyard/shared';
import { waitKind, type Call, type CallKey, type Completion, type JournalEntry, type Until } from '../../../port.ts';
import { wholeUsage, type Outcome } from './attempt.ts';
import type { EndedWait } from './waits.ts';

/** SHA-256 of what a call asks, hex: a recorded result stands only for the same. */
export function inputHash(kind: string, request: Json): string {
  return hash('sha256', `${kind}\0${JSON.stringify(request)}`);
}

/** An event is the same whenever its time is up: a run that is begun later waits for it until later. A bare moment is known by its time. */
export function hashOfWait(until: Until): string {
  if (!('signal' in until)) return inputHash(waitKind, until);
  const { time: _, ...event } = until;
  return inputHash(waitKind, event as unknown as Json);
}

/** Whether that hash is of this wait; earlier versions hashed the time of an event with it. */
export function isSameWait(recorded: string, until: Until): boolean {
  return recorded === hashOfWait(until) || recorded === inputHash(waitKind, until as unknown as Json);
}

/** Of a call or a wait by what it was recorded to ask. */
export function hashOfAsked(kind: string, asked: Json): string {
  return kind === waitKind ? hashOfWait(asked as unknown as Until) : inputHash(kind, asked);
}

export function entryOfWait({ key, until, startedAt, endedAt, ...outcome }: EndedWait): JournalEntry {
  return { key, kind: waitKind, inputHash: hashOfWait(until), ...outcome, attempt: 1, startedAt, endedAt };
}

export function completionOf({ key, result, failure: cause, usage, seeded }: Omit<Completion, 'at'>, at: number): Completion {
  return { key, ...(result !== undefined && { result }), ...(cause && { failure: cause }), ...(usage && { usage }), ...(seeded && { seeded }), at };
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

/** The intent of a write is durable before the write is made: after a crash its outcome is unknown, and is not guessed. */
export function intentOf(key: CallKey, { kind, request }: Call): JournalEntry {
  return { key, kind, inputHash: inputHash(kind, request), attempt: 1, startedAt: Date.now() };
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
