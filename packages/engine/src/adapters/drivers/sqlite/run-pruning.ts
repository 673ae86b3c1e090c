/**
 * Runs that are kept no longer leave the SQLite store.
 *
 * 1. Only runs that have ended go: the oldest ends first, until what the policy keeps is left.
 * 2. A run that goes is gone at once for whoever looks; its rows follow in slices, each of which ends after some milliseconds and shares a commit
 *    with whatever else is written. What a crash leaves is taken up by the next slice.
 * 3. A blob, a program and its flow and plan go with the last run that refers to them.
 * 4. The file gives its free pages back, but for a tenth that it keeps for what comes.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Write } from './group-commit.ts';
import type { Kept, Pruning } from '../pruning.ts';

const sliceMs = 8;
/** Of one statement: a batch of events is at most some hundred KB. */
const rowsAtOnce = 8;
const freePagesKept = 128;
const pagesAtOnce = 32;

/** As the index runs_ended says it; one that waits is no ended run. */
const hasEnded = `ended_at IS NOT NULL AND status IN ('done', 'failed', 'cancelled')`;

type Row = Record<string, unknown>;

export class RunPruning implements Pruning {
  readonly #database: DatabaseSync;
  readonly #commit: (write: Write) => void;
  readonly #prepared = new Map<string, StatementSync>();
  /** Runs that have gone and whose rows have not. */
  readonly #leaving: Set<string>;

  constructor(database: DatabaseSync, commit: (write: Write) => void) {
    this.#database = database;
    this.#commit = commit;
    this.#leaving = new Set((database.prepare('SELECT run FROM leaving').all() as { run: string }[]).map(({ run }) => run));
  }

  /** Resolves with whether anything is left to do. */
  slice(kept: Kept): Promise<boolean> {
    let isLeft = false;
    return new Promise((resolve, reject) => {
      this.#commit({
        isAwaited: true,
        run: () => {
          isLeft = this.#work(kept, performance.now() + sliceMs);
        },
        settle: (error) => (error ? reject(error) : resolve(isLeft)),
      });
    });
  }

  /** Within the commit that makes a run of this id: the rows of one that had it are not mixed with the new one's. */
  clear(run: string): void {
    if (!this.#leaving.has(run)) return;
    while (!this.#removeSome(run));
  }

  #work(kept: Kept, until: number): boolean {
    let tooMany = this.#countAbove(kept.runs);
    for (;;) {
      const [leaving] = this.#leaving;
      if (leaving !== undefined) this.#removeSome(leaving);
      else if (this.#letGoOldest(tooMany > 0 ? Infinity : (kept.endedAfter ?? -Infinity))) tooMany -= 1;
      else if (!this.#shrink()) return false;
      if (performance.now() >= until) return true;
    }
  }

  /** How many ended runs there are above so many. */
  #countAbove(runs = Infinity): number {
    if (runs === Infinity) return 0;
    return ((this.#statement(`SELECT count(*) AS count FROM runs WHERE ${hasEnded}`).get() as Row).count as number) - runs;
  }

  /** The run that ended first goes, where that was before; gives whether it did. */
  #letGoOldest(endedBefore: number): boolean {
    const oldest = this.#statement(`SELECT run, ended_at, program FROM runs WHERE ${hasEnded} ORDER BY ended_at LIMIT 1`).get();
    if (!oldest || (oldest.ended_at as number) >= endedBefore) return false;
    const { run, program } = oldest as { run: string; program: number };
    this.#statement('DELETE FROM runs WHERE run = ?').run(run);
    this.#statement('INSERT INTO leaving (run) VALUES (?)').run(run);
    this.#leaving.add(run);
    this.#forgetProgram(program);
    return true;
  }

  /** Where no run refers to it any more. */
  #forgetProgram(program: number): void {
    const forgotten = this.#statement(
      'DELETE FROM programs WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM runs WHERE program = ?1) RETURNING flow_hash, plan_hash',
    ).get(program);
    const forget = this.#statement(`DELETE FROM documents WHERE hash = ?1
      AND NOT EXISTS (SELECT 1 FROM programs WHERE flow_hash = ?1) AND NOT EXISTS (SELECT 1 FROM programs WHERE plan_hash = ?1)`);
    for (const document of new Set(Object.values(forgotten ?? {}))) forget.run(document);
  }

  /** Gives whether nothing of the run is left. */
  #removeSome(run: string): boolean {
    for (const table of ['batches', 'signals', 'waits', 'parked']) {
      const remove = this.#statement(`DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE run = ? LIMIT ${rowsAtOnce})`);
      if (remove.run(run).changes > 0) return false;
    }
    const referred = this.#statement('DELETE FROM run_blobs WHERE run = ?1 AND hash = (SELECT hash FROM run_blobs WHERE run = ?1 LIMIT 1) RETURNING hash').get(
      run,
    );
    if (referred) {
      this.#statement('DELETE FROM blobs WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM run_blobs WHERE hash = ?1)').run((referred as Row).hash as string);
      return false;
    }
    this.#statement('DELETE FROM leaving WHERE run = ?').run(run);
    this.#leaving.delete(run);
    return true;
  }

  /** Gives some free pages back where there are many; false where there are not. */
  #shrink(): boolean {
    const [free, all] = ['freelist_count', 'page_count'].map((what) => (this.#statement(`PRAGMA ${what}`).get() as Row)[what] as number) as [number, number];
    if (free - pagesAtOnce < Math.max(freePagesKept, all / 10)) return false;
    this.#database.exec(`PRAGMA incremental_vacuum(${pagesAtOnce})`);
    return true;
  }

  #statement(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}
