/** The drivers of the run port: in memory, and durable on SQLite. */
export { timeOf, withUnusedEdits } from './calls/told-events.ts';
export { createCallPort, type CallPort, type CallPortOptions } from './calls/call-port.ts';
export { Pools } from './calls/pools.ts';
export { keepPruned, type Retention } from './pruning.ts';
export { hashOfAsked } from './calls/recorded-call.ts';
export type { Redact } from './calls/attempt.ts';
export type { Journal, JournalEntry } from './journal.ts';
export type { Parking, RunEnd, RunSummary, StoredRun } from './stored-run.ts';
export { RunStore } from './sqlite/run-store.ts';
export type { WaitRows } from './sqlite/wait-rows.ts';
export { runEnded, runMissing } from './run-failures.ts';
export { TransientMap } from './transient-map.ts';
