/**
 * The durable driver: runs, their journal and their events in one SQLite file.
 *
 * 1. What `create` and `finish` resolve after, and what `whenDurable` is called after without a failure, is on the disk (group-commit.ts).
 * 2. Everything becomes durable in the order given, whatever of it shares a commit; an end comes after every event and entry before it.
 * 3. A run has exactly one row; its journal has one row per key, a write's intent being replaced by its outcome.
 * 4. A run of which something could not be written takes nothing more, so that its story has no gaps: the failure that says so meets whatever comes next.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { failure, FailureError, type Failure, type Flow, type Json, type JsonObject, type RunEvent, type RunStatus, type Usage } from '@switchyard/shared';
import type { Plan } from '../../plan.ts';
import { GroupCommit, walOf } from './group-commit.ts';
import type { Journal, JournalEntry } from './journal.ts';

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
`;

type Row = Record<string, unknown>;

/** How a run ended. */
export interface RunEnd {
  status: RunStatus;
  outputs: JsonObject;
  failure?: Failure & { node?: string };
  usage: Usage;
  endedAt: number;
}

export class RunStore {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #commits: GroupCommit;
  readonly #statements: Statements;
  /** Runs of which something could not be written. */
  readonly #broken = new Map<string, FailureError>();
  #isClosed = false;

  /** Opens or creates the file. Throws where it is not a database of this version. */
  constructor(file: string) {
    this.#file = file;
    this.#database = new DatabaseSync(file);
    const version = (this.#database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
    if (version > 1) {
      this.#database.close();
      throw new Error(`${file} was written by a newer Switchyard (store version ${version}; this one reads 1). Update Switchyard, or use another data folder.`);
    }
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;');
    this.#database.exec(`BEGIN IMMEDIATE; ${schema} PRAGMA user_version = 1; COMMIT`);
    this.#commits = new GroupCommit(this.#database, walOf(file));
    this.#statements = statementsOn(this.#database);
  }

  /** Resolves once the run is on the disk. Rejects with the FailureError `run-exists` where its id is taken, `store-failed` where it could not be written. */
  create(run: StoredRun): Promise<void> {
    const { flow, plan, inputs } = run;
    const values = [run.run, run.flowId ?? null, flow.name, JSON.stringify(flow), JSON.stringify(plan), JSON.stringify(inputs), run.status, run.startedAt];
    return new Promise((resolve, reject) => {
      this.#write(
        run.run,
        () => this.#statements.insertRun.run(...values),
        (error) => (error ? reject(error) : resolve()),
      );
    });
  }

  get(run: string): StoredRun | undefined {
    const row = this.#statements.selectRun.get(run) as Row | undefined;
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
    return { record: (entry, whenDurable) => this.#write(run, () => this.#writeEntry(run, entry), whenDurable) };
  }

  /** The journal of an earlier life of the run, in no special order. */
  recorded(run: string): JournalEntry[] {
    return (this.#database.prepare('SELECT * FROM journal WHERE run = ?').all(run) as Row[]).map(entryOf);
  }

  appendEvent(run: string, event: RunEvent): void {
    const text = JSON.stringify(event);
    this.#write(run, () => this.#statements.insertEvent.run(run, event.seq, text));
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
    this.#write(run, () => this.#statements.deleteEvents.run(run));
  }

  /** Resolves once the end of the run, and everything before it, is on the disk. Rejects with the FailureError `store-failed` where it is not. */
  async finish(run: string, end: RunEnd): Promise<void> {
    const values = [end.status, JSON.stringify(end.outputs), text(end.failure), JSON.stringify(end.usage), end.endedAt];
    try {
      await new Promise<void>((resolve, reject) => {
        this.#write(
          run,
          () => this.#statements.endRun.run(...values, run),
          (error) => (error ? reject(error) : resolve()),
        );
      });
    } finally {
      this.#broken.delete(run);
    }
  }

  /** Writes what is pending now; returns once it is settled. */
  flush(): void {
    this.#commits.flush();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#commits.close();
    this.#database.close();
  }

  #write(run: string, write: () => void, settle?: (error?: FailureError) => void): void {
    if (this.#isClosed) return;
    this.#commits.add({
      run: () => {
        const before = this.#broken.get(run);
        if (before) throw before;
        write();
      },
      settle: (error) => {
        if (!error) return settle?.();
        const known = error instanceof FailureError ? error : this.#failureOf(run, error);
        if (known.failure.code !== 'run-exists') this.#broken.set(run, known);
        settle?.(known);
      },
    });
  }

  #failureOf(run: string, error: Error): FailureError {
    if ('errcode' in error && error.errcode === primaryKeyTaken)
      return new FailureError(failure('run-exists', `A run with the id "${run}" is there already. Choose another id, or resume it.`));
    return new FailureError(
      failure(
        'store-failed',
        `The run "${run}" could not be written to ${this.#file}: ${error.message}. See to the disk, then start Switchyard again: the run goes on from what is written of it.`,
      ),
    );
  }

  #writeEntry(run: string, entry: JournalEntry): void {
    this.#statements.insertEntry.run(
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
}

/** SQLITE_CONSTRAINT_PRIMARYKEY. */
const primaryKeyTaken = 1555;

type Statements = ReturnType<typeof statementsOn>;

function statementsOn(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    insertRun: prepare('INSERT INTO runs (run, flow_id, flow_name, flow, plan, inputs, status, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    selectRun: prepare('SELECT * FROM runs WHERE run = ?'),
    endRun: prepare('UPDATE runs SET status = ?, outputs = ?, failure = ?, usage = ?, ended_at = ? WHERE run = ?'),
    insertEntry: prepare(`INSERT INTO journal (run, key, kind, input_hash, completion, result, failure, usage, attempt, started_at, ended_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (run, key) DO UPDATE SET completion = excluded.completion, result = excluded.result, failure = excluded.failure, usage = excluded.usage,
        attempt = excluded.attempt, ended_at = excluded.ended_at WHERE journal.completion IS NULL`),
    insertEvent: prepare('INSERT OR IGNORE INTO events (run, seq, event) VALUES (?, ?, ?)'),
    deleteEvents: prepare('DELETE FROM events WHERE run = ?'),
  };
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
