/**
 * The durable driver: runs, their journal and their events in one SQLite file.
 *
 * 1. WAL with `synchronous=FULL`: what `create` and `finish` return from, and what `whenDurable` is called after, is on disk.
 * 2. Journal entries and events of one tick share a commit, at most 256 rows each.
 * 3. A run has exactly one row; its journal has one row per key, a write's intent being replaced by its outcome.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Failure, Flow, Json, JsonObject, RunEvent, RunStatus, Usage } from '@switchyard/shared';
import type { Plan } from '../../plan.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { WaitRows, waitsSchema } from './sqlite-waits.ts';

export interface StoredRun {
  run: string;
  /** The saved flow that the run was started from; undefined for a file's. */
  flowId?: string;
  /** The flow as it ran. */
  flow: Flow;
  plan: Plan;
  inputs: JsonObject;
  status: RunStatus | 'running';
  outputs?: JsonObject;
  failure?: Failure & { node?: string };
  usage?: Usage;
  /** ms since the epoch. */
  startedAt: number;
  endedAt?: number;
}

/** A run in a list: without the bodies of its flow and plan. */
export type RunSummary = Omit<StoredRun, 'flow' | 'plan'> & { flowName: string };

const rowsPerCommit = 256;

const schema = `
  CREATE TABLE IF NOT EXISTS runs (
    run TEXT PRIMARY KEY, flow_id TEXT, flow_name TEXT NOT NULL, flow TEXT NOT NULL, plan TEXT NOT NULL, inputs TEXT NOT NULL, status TEXT NOT NULL,
    outputs TEXT, failure TEXT, usage TEXT, started_at INTEGER NOT NULL, ended_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS runs_by_start ON runs (started_at DESC);
  CREATE INDEX IF NOT EXISTS runs_by_flow ON runs (flow_id, started_at DESC);
  CREATE INDEX IF NOT EXISTS runs_unfinished ON runs (status) WHERE status = 'running';
  CREATE TABLE IF NOT EXISTS journal (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, input_hash TEXT NOT NULL, completion INTEGER,
    result TEXT, failure TEXT, usage TEXT, attempt INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER, UNIQUE (run, key)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS events (run TEXT NOT NULL, seq INTEGER NOT NULL, event TEXT NOT NULL, UNIQUE (run, seq)) STRICT;
  ${waitsSchema}
`;

type Row = Record<string, unknown>;

export class RunStore {
  readonly waits: WaitRows;
  readonly #database: DatabaseSync;
  readonly #insertEntry: StatementSync;
  readonly #insertEvent: StatementSync;
  #pending: { write(): void; whenDurable?: () => void }[] = [];
  #isFlushScheduled = false;
  #isClosed = false;

  /** Opens or creates the file. Throws where it is not a database of this version. */
  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    const version = (this.#database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
    if (version > 1) {
      this.#database.close();
      throw new Error(`${file} was written by a newer Switchyard (store version ${version}; this one reads 1). Update Switchyard, or use another data folder.`);
    }
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;');
    this.#transaction(() => this.#database.exec(`${schema} PRAGMA user_version = 1;`));
    this.waits = new WaitRows(this.#database, (_run, write, settle) => this.#append(settle ? { write, whenDurable: settle } : { write }));
    this.#insertEntry =
      this.#database.prepare(`INSERT INTO journal (run, key, kind, input_hash, completion, result, failure, usage, attempt, started_at, ended_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (run, key) DO UPDATE SET completion = excluded.completion, result = excluded.result, failure = excluded.failure, usage = excluded.usage,
        attempt = excluded.attempt, ended_at = excluded.ended_at WHERE journal.completion IS NULL`);
    this.#insertEvent = this.#database.prepare('INSERT OR IGNORE INTO events (run, seq, event) VALUES (?, ?, ?)');
  }

  /** Returns once the run is on disk; throws where its id is taken. */
  create(run: StoredRun): void {
    this.#database
      .prepare('INSERT INTO runs (run, flow_id, flow_name, flow, plan, inputs, status, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        run.run,
        run.flowId ?? null,
        run.flow.name,
        JSON.stringify(run.flow),
        JSON.stringify(run.plan),
        JSON.stringify(run.inputs),
        run.status,
        run.startedAt,
      );
  }

  get(run: string): StoredRun | undefined {
    const row = this.#database.prepare('SELECT * FROM runs WHERE run = ?').get(run) as Row | undefined;
    return row && { ...summaryOf(row), flow: parse(row.flow) as Flow, plan: parse(row.plan) as unknown as Plan };
  }

  /** The newest first; `before` is the id of the run that the page before ended with. */
  list(filter: { flowId?: string; limit?: number; before?: string } = {}): RunSummary[] {
    const { flowId = null, limit = 50, before = null } = filter;
    const rows = this.#database
      .prepare(`SELECT run, flow_id, flow_name, inputs, status, outputs, failure, usage, started_at, ended_at FROM runs
        WHERE (? IS NULL OR (started_at, run) < (SELECT started_at, run FROM runs WHERE run = ?)) AND (? IS NULL OR flow_id = ?)
        ORDER BY started_at DESC, run DESC LIMIT ?`)
      .all(before, before, flowId, flowId, limit) as Row[];
    return rows.map((row) => ({ ...summaryOf(row), flowName: row.flow_name as string }));
  }

  /** Runs that no one has brought to an end. */
  unfinished(): string[] {
    return (this.#database.prepare(`SELECT run FROM runs WHERE status = 'running' ORDER BY started_at`).all() as Row[]).map((row) => row.run as string);
  }

  journal(run: string): Journal {
    return { record: (entry, whenDurable) => this.#append({ write: () => this.#writeEntry(run, entry), whenDurable }) };
  }

  /** The journal of an earlier life of the run, in no special order. */
  recorded(run: string): JournalEntry[] {
    return (this.#database.prepare('SELECT * FROM journal WHERE run = ?').all(run) as Row[]).map(entryOf);
  }

  appendEvent(run: string, event: RunEvent): void {
    const text = JSON.stringify(event);
    this.#append({ write: () => this.#insertEvent.run(run, event.seq, text) });
  }

  /** Events with a seq above `after`, in order, at most `limit`. */
  events(run: string, after = -1, limit = 5000): RunEvent[] {
    this.flush();
    const rows = this.#database.prepare('SELECT event FROM events WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?').all(run, after, limit) as Row[];
    return rows.map((row) => parse(row.event) as unknown as RunEvent);
  }

  /** The highest seq stored, or -1. */
  lastSeq(run: string): number {
    return (this.#database.prepare('SELECT coalesce(max(seq), -1) AS last FROM events WHERE run = ?').get(run) as { last: number }).last;
  }

  /** Removes the events of an earlier life of the run: a resumed run tells its story anew. */
  forgetEvents(run: string): void {
    this.#database.prepare('DELETE FROM events WHERE run = ?').run(run);
  }

  /** Returns once the end of the run, and every event before it, is on disk. */
  finish(run: string, end: { status: RunStatus; outputs: JsonObject; failure?: Failure & { node?: string }; usage: Usage; endedAt: number }): void {
    this.flush();
    this.#transaction(() => {
      this.#database
        .prepare('UPDATE runs SET status = ?, outputs = ?, failure = ?, usage = ?, ended_at = ? WHERE run = ?')
        .run(end.status, JSON.stringify(end.outputs), end.failure ? JSON.stringify(end.failure) : null, JSON.stringify(end.usage), end.endedAt, run);
      this.waits.forget(run);
    });
  }

  /** Writes what is pending now. */
  flush(): void {
    while (this.#pending.length > 0) {
      const batch = this.#pending.splice(0, rowsPerCommit);
      this.#transaction(() => {
        for (const { write } of batch) write();
      });
      for (const { whenDurable } of batch) whenDurable?.();
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#isClosed = true;
    this.#database.close();
  }

  #append(pending: { write(): void; whenDurable?: () => void }): void {
    if (this.#isClosed) return;
    this.#pending.push(pending);
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    setImmediate(() => {
      this.#isFlushScheduled = false;
      if (!this.#isClosed) this.flush();
    });
  }

  #writeEntry(run: string, entry: JournalEntry): void {
    this.#insertEntry.run(
      run,
      entry.key,
      entry.kind,
      entry.inputHash,
      entry.completion ?? null,
      text(entry.result),
      text(entry.failure),
      text(entry.usage),
      entry.attempt,
      entry.startedAt,
      entry.endedAt ?? null,
    );
  }

  #transaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

function text(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function parse(value: unknown): Json {
  return JSON.parse(value as string) as Json;
}

function summaryOf(row: Row): Omit<StoredRun, 'flow' | 'plan'> {
  return {
    run: row.run as string,
    inputs: parse(row.inputs) as JsonObject,
    status: row.status as StoredRun['status'],
    startedAt: row.started_at as number,
    ...(row.flow_id !== null && { flowId: row.flow_id as string }),
    ...(row.outputs !== null && { outputs: parse(row.outputs) as JsonObject }),
    ...(row.failure !== null && { failure: parse(row.failure) as unknown as Failure }),
    ...(row.usage !== null && { usage: parse(row.usage) as unknown as Usage }),
    ...(row.ended_at !== null && { endedAt: row.ended_at as number }),
  };
}

function entryOf(row: Row): JournalEntry {
  return {
    key: row.key as string,
    kind: row.kind as string,
    inputHash: row.input_hash as string,
    attempt: row.attempt as number,
    startedAt: row.started_at as number,
    ...(row.completion !== null && { completion: row.completion as number }),
    ...(row.result !== null && { result: parse(row.result) }),
    ...(row.failure !== null && { failure: parse(row.failure) as unknown as Failure }),
    ...(row.usage !== null && { usage: parse(row.usage) as unknown as Usage }),
    ...(row.ended_at !== null && { endedAt: row.ended_at as number }),
  };
}
