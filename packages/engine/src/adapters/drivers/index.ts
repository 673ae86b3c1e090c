/** The drivers of the run port: in memory, and durable on SQLite. */
export { timeOf, withUnusedEdits } from './told-events.ts';
export { createCallPort, type CallPort, type CallPortOptions } from './call-port.ts';
export { Pools } from './pools.ts';
export { keepPruned, type Retention } from './pruning.ts';
export { hashOfAsked } from './recorded-call.ts';
export type { Redact } from './attempt.ts';
export type { Journal, JournalEntry } from './journal.ts';
export { RunStore, type RunEnd, type RunSummary, type StoredRun } from './sqlite-store.ts';
export type { Parking, WaitRows } from './sqlite-waits.ts';
export { runEnded, runMissing } from './run-failures.ts';
export { TransientMap } from './transient-map.ts';
