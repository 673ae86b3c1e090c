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
];
