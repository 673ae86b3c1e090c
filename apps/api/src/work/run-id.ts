/** Ids of runs: they sort by time, and no two are the same. */
import { randomUUID } from 'node:crypto';

/** Sorts by the time of its making; 48 of its bits are random. Those of a UUID come from a reserve, which costs a tenth of asking for bytes each time. */
export function newRunId(): string {
  const digits = randomUUID();
  return `run-${Date.now().toString(36)}-${digits.slice(0, 8)}${digits.slice(9, 13)}`;
}
