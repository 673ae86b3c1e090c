/** The tables of runs in PostgreSQL. Made by every process that starts, where they are missing. */
import { blobsSchema } from './postgres-blobs.ts';
import { waitsSchema } from './postgres-waits.ts';

export const runsSchema = `
  CREATE SCHEMA IF NOT EXISTS switchyard;
  CREATE TABLE IF NOT EXISTS switchyard.runs (
    run TEXT PRIMARY KEY, flow_id TEXT, flow_name TEXT NOT NULL, flow JSON NOT NULL, plan JSON NOT NULL, inputs JSON NOT NULL, status TEXT NOT NULL,
    outputs JSON, failure JSON, usage JSON, started_at BIGINT NOT NULL, ended_at BIGINT, life TEXT, lives INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX IF NOT EXISTS runs_by_start ON switchyard.runs (started_at DESC, run DESC);
  CREATE INDEX IF NOT EXISTS runs_by_flow ON switchyard.runs (flow_id, started_at DESC);
  CREATE INDEX IF NOT EXISTS runs_unfinished ON switchyard.runs (started_at) WHERE status = 'running';
  CREATE INDEX IF NOT EXISTS runs_ended ON switchyard.runs (ended_at, run) WHERE ended_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS switchyard.events (run TEXT NOT NULL, last INTEGER NOT NULL, events JSON NOT NULL, PRIMARY KEY (run, last));
  ALTER TABLE switchyard.runs ADD COLUMN IF NOT EXISTS seed JSON;
  ${blobsSchema}
  ${waitsSchema}
`;
