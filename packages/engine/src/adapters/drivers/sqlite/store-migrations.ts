/** The steps that make the tables of runs.db, in order. A step that has shipped never changes; a change is a further step. */

export interface StoreMigration {
  /** From 1, without gaps. Kept in the file as `user_version`. */
  version: number;
  title: string;
  /** May use `sha256(text)`, hex. */
  sql: string;
}

export const storeMigrations: readonly StoreMigration[] = [
  {
    version: 1,
    title: 'runs, their journal and their events',
    sql: `
      CREATE TABLE runs (
        run TEXT PRIMARY KEY, flow_id TEXT, flow_name TEXT NOT NULL, flow TEXT NOT NULL, plan TEXT NOT NULL, inputs TEXT NOT NULL, status TEXT NOT NULL,
        outputs TEXT, failure TEXT, usage TEXT, started_at INTEGER NOT NULL, ended_at INTEGER
      ) STRICT;
      CREATE INDEX runs_by_start ON runs (started_at DESC);
      CREATE INDEX runs_by_flow ON runs (flow_id, started_at DESC);
      CREATE INDEX runs_unfinished ON runs (status) WHERE status = 'running';
      CREATE TABLE journal (
        id INTEGER PRIMARY KEY, run TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, input_hash TEXT NOT NULL, completion INTEGER,
        result TEXT, failure TEXT, usage TEXT, attempt INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER, UNIQUE (run, key)
      ) STRICT;
      CREATE TABLE events (run TEXT NOT NULL, seq INTEGER NOT NULL, event TEXT NOT NULL, UNIQUE (run, seq)) STRICT;
    `,
  },
  {
    version: 2,
    title: 'each distinct flow and plan once, events in batches',
    sql: `
      CREATE TABLE documents (hash TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
      INSERT OR IGNORE INTO documents SELECT sha256(flow), flow FROM runs;
      INSERT OR IGNORE INTO documents SELECT sha256(plan), plan FROM runs;
      ALTER TABLE runs ADD COLUMN flow_hash TEXT NOT NULL DEFAULT '';
      ALTER TABLE runs ADD COLUMN plan_hash TEXT NOT NULL DEFAULT '';
      UPDATE runs SET flow_hash = sha256(flow), plan_hash = sha256(plan);
      ALTER TABLE runs DROP COLUMN flow;
      ALTER TABLE runs DROP COLUMN plan;
      CREATE TABLE event_batches (run TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, events TEXT NOT NULL, UNIQUE (run, first)) STRICT;
      INSERT INTO event_batches
        SELECT run, min(seq), max(seq), '[' || group_concat(event, ',' ORDER BY seq) || ']' FROM events GROUP BY run, seq / 100;
      DROP TABLE events;
    `,
  },
  {
    version: 3,
    title: 'signals, open questions and parked runs',
    sql: `
      CREATE TABLE signals (run TEXT NOT NULL, name TEXT NOT NULL, payload TEXT NOT NULL, UNIQUE (run, name)) STRICT;
      CREATE TABLE waits (
        run TEXT NOT NULL, key TEXT NOT NULL, task TEXT NOT NULL, ask TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER, UNIQUE (run, key)
      ) STRICT;
      CREATE INDEX waits_by_since ON waits (since);
      CREATE TABLE parked (run TEXT PRIMARY KEY, wake_at INTEGER) STRICT;
      CREATE INDEX parked_by_wake ON parked (wake_at) WHERE wake_at IS NOT NULL;
    `,
  },
  {
    version: 4,
    title: 'what a run was begun from',
    sql: 'ALTER TABLE runs ADD COLUMN seed TEXT',
  },
  {
    version: 5,
    title: 'long values once, runs that leave',
    sql: `
      CREATE TABLE blobs (hash TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
      CREATE TABLE run_blobs (run TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (run, hash)) STRICT, WITHOUT ROWID;
      CREATE INDEX run_blobs_by_hash ON run_blobs (hash);
      CREATE TABLE leaving (run TEXT PRIMARY KEY) STRICT;
      CREATE INDEX runs_ended ON runs (ended_at) WHERE ended_at IS NOT NULL AND status IN ('done', 'failed', 'cancelled');
      CREATE INDEX runs_by_flow_hash ON runs (flow_hash);
      CREATE INDEX runs_by_plan_hash ON runs (plan_hash);
    `,
  },
  {
    version: 6,
    title: 'events and journal entries in one row a commit, programs',
    sql: `
      CREATE TABLE programs (id INTEGER PRIMARY KEY, flow_hash TEXT NOT NULL, plan_hash TEXT NOT NULL, UNIQUE (flow_hash, plan_hash)) STRICT;
      CREATE INDEX programs_by_plan ON programs (plan_hash);
      INSERT INTO programs (flow_hash, plan_hash) SELECT DISTINCT flow_hash, plan_hash FROM runs;
      ALTER TABLE runs ADD COLUMN program INTEGER NOT NULL DEFAULT 0;
      UPDATE runs SET program = (SELECT id FROM programs WHERE programs.flow_hash = runs.flow_hash AND programs.plan_hash = runs.plan_hash);
      DROP INDEX runs_by_flow_hash;
      DROP INDEX runs_by_plan_hash;
      ALTER TABLE runs DROP COLUMN flow_hash;
      ALTER TABLE runs DROP COLUMN plan_hash;
      CREATE INDEX runs_by_program ON runs (program);
      DROP INDEX runs_by_flow;
      CREATE INDEX runs_by_flow ON runs (flow_id, started_at) WHERE flow_id IS NOT NULL;
      DROP INDEX runs_by_start;
      CREATE INDEX runs_by_start ON runs (started_at);
      CREATE TABLE batches (run TEXT NOT NULL, first INTEGER, last INTEGER, events TEXT, entries TEXT) STRICT;
      CREATE INDEX batches_by_run ON batches (run, first);
      INSERT INTO batches (run, first, last, events) SELECT run, first, last, events FROM event_batches ORDER BY rowid;
      INSERT INTO batches (run, entries)
        SELECT run, '[' || group_concat(
          '{"key":' || json_quote(key) || ',"kind":' || json_quote(kind) || ',"inputHash":' || json_quote(input_hash)
          || coalesce(',"completion":' || completion, '')
          || CASE WHEN result IS NULL THEN '' WHEN result GLOB '#*' THEN ',"blob":"' || substr(result, 2, 64) || '"' ELSE ',"result":' || result END
          || coalesce(',"failure":' || failure, '') || coalesce(',"usage":' || usage, '')
          || ',"attempt":' || attempt || ',"startedAt":' || started_at || coalesce(',"endedAt":' || ended_at, '') || '}', ',' ORDER BY id) || ']'
        FROM journal GROUP BY run, id / 100 ORDER BY min(id);
      DROP TABLE event_batches;
      DROP TABLE journal;
    `,
  },
];
