/**
 * The durable driver: runs, their journal and their events in one SQLite file.
 *
 * 1. What `create` and `finish` resolve after, and what `whenDurable` is called after without a failure, is on the disk (group-commit.ts).
 * 2. Everything becomes durable in the order given, whatever of it shares a commit; an end comes after every event and entry before it.
 * 3. A run has exactly one row, and its journal one entry per key: a write's outcome stands for its intent.
 * 4. A run of which something could not be written takes nothing more, so that its story has no gaps: the failure that says so meets whatever comes next.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { failure, FailureError, type Failure, type Flow, type Json, type JsonObject, type RunEvent, type SeedRequest, type Usage } from '@switchyard/shared';
import type { Plan } from '../../../plan.ts';
import type { RunEnd, RunSummary, StoredRun } from '../stored-run.ts';
import { GroupCommit } from './group-commit.ts';
import type { Journal, JournalEntry } from '../journal.ts';
import { openRunDatabase } from './open-run-database.ts';
import { DocumentRows } from './document-rows.ts';
import { beginningIn, BlobRows } from './blob-rows.ts';
import { BatchRows, largePage } from './batch-rows.ts';
import { RunPruning } from './run-pruning.ts';
import { WaitRows } from './wait-rows.ts';
import { walOf } from './wal-sync.ts';

/** Writes of a run within a coming commit; `settle` is called once they are on the disk, or with the failure that prevented it. */
export type Append = (run: string, write: () => void, settle?: (error?: FailureError) => void, how?: { isAwaited: boolean }) => void;

type Row = Record<string, unknown>;

export class RunStore {
  readonly waits: WaitRows;
  readonly pruning: RunPruning;
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #commits: GroupCommit;
  readonly #statements: Statements;
  readonly #documents: DocumentRows;
  readonly #blobs: BlobRows;
  readonly #batches: BatchRows;
  /** Runs of which something could not be written. */
  readonly #broken = new Map<string, FailureError>();
  #isClosed = false;

  /** Opens or creates the file; brings one of an older version to this one. Throws the FailureError `store-refused` where it cannot be used. */
  constructor(file: string) {
    this.#file = file;
    this.#database = openRunDatabase(file);
    this.#commits = new GroupCommit(this.#database, walOf(file));
    this.#statements = statementsOn(this.#database);
    this.#documents = new DocumentRows(this.#database);
    this.#blobs = new BlobRows(this.#database);
    const append: Append = (run, write, settle, how) => this.#append(run, write, settle, how);
    this.#batches = new BatchRows({ database: this.#database, blobs: this.#blobs, append, hasten: () => this.#commits.hasten() });
    this.waits = new WaitRows(this.#database, append);
    this.pruning = new RunPruning(this.#database, (write) => this.#commits.add(write));
  }

  /** Resolves once the run is on the disk. Rejects with the FailureError `run-exists` where its id is taken, `store-failed` where it could not be written. */
  async create(run: StoredRun): Promise<void> {
    const { flow, plan, inputs } = run;
    this.#documents.name(flow, plan);
    const writing = this.#durably(run.run, () => {
      this.pruning.clear(run.run);
      const program = this.#documents.keep(flow, plan);
      const values = [run.run, run.flowId ?? null, flow.name, program, this.#blobs.column(run.run, inputs), text(run.seed), run.status, run.startedAt];
      this.#statements.insertRun.run(...values);
    });
    try {
      await writing;
    } catch (error) {
      if (!(error instanceof FailureError) || error.failure.code !== 'store-failed') throw error;
      // Nothing of it is there to go on with, and its id is free.
      this.#broken.delete(run.run);
      throw new FailureError({ ...error.failure, message: error.message.replace(goesOn, 'Nothing of it was begun. See to the disk, then run it again.') });
    }
  }

  get(run: string): StoredRun | undefined {
    const row = this.#statements.selectRun.get(run) as Row | undefined;
    return row && { ...summaryOf(row, (column) => this.#blobs.whole(column)), flow: parse(row.flow) as Flow, plan: parse(row.plan) as unknown as Plan };
  }

  status(run: string): StoredRun['status'] | undefined {
    return (this.#statements.selectStatus.get(run) as { status: StoredRun['status'] } | undefined)?.status;
  }

  /** The newest first, with the beginnings of long inputs and outputs; `before` is the id of the run that the page before ended with. */
  list(filter: { flowId?: string; limit?: number; before?: string } = {}): RunSummary[] {
    const { flowId, limit = 50, before } = filter;
    const conditions = [
      ...(before === undefined ? [] : ['(started_at, run) < (SELECT started_at, run FROM runs WHERE run = :before)']),
      ...(flowId === undefined ? [] : ['flow_id = :flowId']),
    ];
    const rows = this.#database
      .prepare(`SELECT run, flow_id, flow_name, inputs, seed, status, outputs, failure, usage, started_at, ended_at FROM runs
        ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY started_at DESC, run DESC LIMIT :limit`)
      .all({ limit, ...(before !== undefined && { before }), ...(flowId !== undefined && { flowId }) }) as Row[];
    return rows.map((row) => ({ ...summaryOf(row, beginningIn), flowName: row.flow_name as string }));
  }

  /** Runs that no one has brought to an end. */
  unfinished(): string[] {
    return (this.#database.prepare(`SELECT run FROM runs WHERE status = 'running' ORDER BY started_at`).all() as Row[]).map((row) => row.run as string);
  }

  journal(run: string): Journal {
    return {
      record: (entry, whenDurable, isUrgent) => this.#batches.record(run, entry, whenDurable, isUrgent),
      hasten: () => this.#commits.hasten(),
    };
  }

  /** The journal of an earlier life of the run, in no special order. */
  recorded(run: string): JournalEntry[] {
    return this.#batches.entries(run);
  }

  appendEvent(run: string, event: RunEvent): void {
    this.#batches.tell(run, event);
  }

  /** Events with a seq above `after`, in order, at most `limit`; fewer where they come to `length` characters, none only where there is none. */
  events(run: string, after = -1, limit = 5000, length = largePage): RunEvent[] {
    this.flush();
    return this.#batches.events(run, after, { limit, length });
  }

  /** The highest seq stored, or -1. */
  lastSeq(run: string): number {
    this.flush();
    return this.#batches.lastSeq(run);
  }

  /** Removes the events of an earlier life of the run: a resumed run tells its story anew. */
  forgetEvents(run: string): void {
    this.#batches.forgetEvents(run);
  }

  /** Resolves once the end of the run, and everything before it, is on the disk. Rejects with the FailureError `store-failed` where it is not. */
  async finish(run: string, end: RunEnd): Promise<void> {
    try {
      await this.#durably(run, () => {
        this.#statements.endRun.run(end.status, this.#blobs.column(run, end.outputs), text(end.failure), JSON.stringify(end.usage), end.endedAt, run);
        this.waits.forget(run);
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

  #durably(run: string, write: () => void): Promise<void> {
    return new Promise((resolve, reject) => this.#append(run, write, (error) => (error ? reject(error) : resolve())));
  }

  #append(run: string, write: () => void, settle?: (error?: FailureError) => void, { isAwaited } = { isAwaited: true }): void {
    if (this.#isClosed) return;
    this.#batches.shut(run);
    this.#commits.add({
      isAwaited,
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
    return new FailureError(failure('store-failed', `The run "${run}" could not be written to ${this.#file}: ${error.message}. ${goesOn}`));
  }
}

const goesOn = 'See to the disk, then start Switchyard again: the run goes on from what is written of it.';

/** SQLITE_CONSTRAINT_PRIMARYKEY. */
const primaryKeyTaken = 1555;

type Statements = ReturnType<typeof statementsOn>;

function statementsOn(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    insertRun: prepare('INSERT INTO runs (run, flow_id, flow_name, program, inputs, seed, status, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    selectRun: prepare(`SELECT runs.*, flows.text AS flow, plans.text AS plan FROM runs JOIN programs ON programs.id = program
      JOIN documents AS flows ON flows.hash = flow_hash JOIN documents AS plans ON plans.hash = plan_hash WHERE run = ?`),
    selectStatus: prepare('SELECT status FROM runs WHERE run = ?'),
    endRun: prepare('UPDATE runs SET status = ?, outputs = ?, failure = ?, usage = ?, ended_at = ? WHERE run = ?'),
  };
}

function text(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function parse(value: unknown): Json {
  return JSON.parse(value as string) as Json;
}

function summaryOf(row: Row, valueIn: (column: string) => Json): Omit<StoredRun, 'flow' | 'plan'> {
  return {
    run: row.run as string,
    inputs: valueIn(row.inputs as string) as JsonObject,
    status: row.status as StoredRun['status'],
    startedAt: row.started_at as number,
    ...(row.flow_id !== null && { flowId: row.flow_id as string }),
    ...(row.seed !== null && { seed: parse(row.seed) as SeedRequest }),
    ...(row.outputs !== null && { outputs: valueIn(row.outputs as string) as JsonObject }),
    ...(row.failure !== null && { failure: parse(row.failure) as unknown as Failure }),
    ...(row.usage !== null && { usage: parse(row.usage) as unknown as Usage }),
    ...(row.ended_at !== null && { endedAt: row.ended_at as number }),
  };
}
