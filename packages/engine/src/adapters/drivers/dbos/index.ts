/** The distributed driver: DBOS Transact on PostgreSQL. Loaded only where it is asked for. */
export { openDbos, type DbosEngine, type DbosEngineOptions } from './open-dbos.ts';
export type { DriverLog } from './driver-log.ts';
export type { RunLife } from './postgres-runs.ts';
export { Ears } from './ears.ts';
export { topicOf } from './postgres-waits.ts';
export type { BegunRun, StepLife } from './step-journal.ts';
