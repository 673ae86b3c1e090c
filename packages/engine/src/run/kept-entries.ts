/**
 * Which words of persons, and which writes, of a task that had not ended stand in a run that is begun from it.
 *
 * 1. A write is not made again on the quiet where it may have taken effect: one that was under way, or that failed in a way which leaves that open. It
 *    is laid under the new run as such, whose write then ends with `outcome-unknown`: a person says what became of it (decision 17).
 * 2. A write that was refused did not take effect, and is tried again like any call. A person's word that led to it was for that one call, and is
 *    spent: they are asked again. What a node asks before a step is another matter: it is for the step, whose task has not been done yet.
 * 3. A no counts as a failure: what ended a task is tried again, so it is asked again.
 */
import { isJsonObject, type Failure } from '@switchyard/shared';
import { waitKind, type CallKey, type JournalEntry } from '../port.ts';
import { isOutcomeUnknown, wasNotSent } from './unknown-outcome.ts';

/** Failures that say nothing of what the service did, unless nothing was sent: no answer came, or none that could be read. */
const silent: ReadonlySet<string> = new Set([
  'timeout',
  'cancelled',
  'internal',
  'http-cut',
  'response-malformed',
  'response-too-large',
  'connection-unreachable',
]);

/** Whether the call, were it a write, may have taken effect without the run having heard of it. */
export function mayHaveHappened({ kind, completion, failure }: JournalEntry): boolean {
  if (kind === waitKind) return false;
  return completion === undefined || (failure !== undefined && leavesOpen(failure));
}

function leavesOpen(cause: Failure): boolean {
  if (isOutcomeUnknown(cause)) return true;
  if (silent.has(cause.code)) return !wasNotSent(cause);
  // A service that fails in its midst may have done a part; one that refuses has done nothing.
  if (cause.code === 'http-status' && cause.retry === 'policy') return true;
  return cause.cause !== undefined && leavesOpen(cause.cause);
}

/** Such a write without its end, as the seed of a run holds it. */
export function withoutEnd({ completion: _, usage: _usage, ...begun }: JournalEntry): JournalEntry {
  return begun;
}

/** What is asked before a call, and about one that may have been made, each in rounds: the keys of the calls that it leads to begin with the first group. */
const aboutCall = /^(.*)\.(?:approval|outcome)(?:\.\d+)?$/;

/** Keys of answers of which `entries`, of tasks that had not ended, must not be kept. */
export function spentAnswers(entries: readonly JournalEntry[]): Set<CallKey> {
  const tried = entries.filter((entry) => entry.failure && entry.kind !== waitKind && entry.kind !== 'model' && !mayHaveHappened(entry));
  const spent = entries.filter((entry) => {
    if (entry.kind !== waitKind || entry.result === undefined) return false;
    const call = aboutCall.exec(entry.key)?.[1];
    return isNo(entry) || (call !== undefined && tried.some(({ key }) => leadsTo(call, key)));
  });
  return new Set(spent.map(({ key }) => key));
}

function isNo({ result }: JournalEntry): boolean {
  return isJsonObject(result) && (result.choice === 'reject' || result.choice === 'give-up');
}

/** Calls of a sub-agent are asked about on their own. */
function leadsTo(call: CallKey, key: CallKey): boolean {
  return key.startsWith(call) && /^(?:$|[.[])/.test(key.slice(call.length)) && !key.slice(call.length).includes('#');
}
