/** What a row of the runs' table says. */
import type { Failure, JsonObject, SeedRequest, Usage } from '@switchyard/shared';
import type { StoredRun } from '../stored-run.ts';

export type Row = Record<string, unknown>;

/** The columns of a run in a list. */
export const summaryColumns = 'run, flow_id, flow_name, inputs, seed, status, outputs, failure, usage, started_at, ended_at';

/** A whole run from its row. */
export function storedOf(row: Row): StoredRun {
  return { ...summaryOf(row), flow: row.flow as StoredRun['flow'], plan: row.plan as StoredRun['plan'] };
}

/** A run without its flow and plan, from its row. */
export function summaryOf(row: Row): Omit<StoredRun, 'flow' | 'plan'> {
  return {
    run: row.run as string,
    inputs: row.inputs as JsonObject,
    status: row.status as StoredRun['status'],
    startedAt: Number(row.started_at),
    ...(row.flow_id !== null && { flowId: row.flow_id as string }),
    ...(row.seed !== null && { seed: row.seed as SeedRequest }),
    ...(row.outputs !== null && { outputs: row.outputs as JsonObject }),
    ...(row.failure !== null && { failure: row.failure as Failure }),
    ...(row.usage !== null && { usage: row.usage as Usage }),
    ...(row.ended_at !== null && { endedAt: Number(row.ended_at) }),
  };
}
