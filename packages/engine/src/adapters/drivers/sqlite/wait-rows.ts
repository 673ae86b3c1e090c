/**
 * What waits, in the SQLite store: signals that were kept for runs, questions that are open, and runs that no process holds while they wait.
 *
 * 1. A signal is on disk before it is accepted, and wakes a parked run also after a restart. It is kept until its run ends.
 * 2. A parked run costs its rows: the next to be woken is found by an index, whatever the number of runs that wait.
 * 3. A run that is parked while a signal is on its way is due at once.
 */
import type { DatabaseSync } from 'node:sqlite';
import { FailureError, type Ask, type Json, type OpenWait } from '@switchyard/shared';
import { runEnded, runMissing } from '../run-failures.ts';
import type { Parking } from '../stored-run.ts';
import type { Append } from './run-store.ts';

type Row = Record<string, unknown>;

export class WaitRows {
  readonly #database: DatabaseSync;
  readonly #append: Append;
  /** Runs that may have rows here: the end of any other costs nothing. */
  readonly #touched = new Set<string>();

  constructor(database: DatabaseSync, append: Append) {
    this.#database = database;
    this.#append = append;
  }

  /** Resolves once the signal is on disk: false where one of that name was kept before. Rejects with `run-missing` or `run-ended`. */
  async keepSignal(run: string, name: string, payload: Json): Promise<boolean> {
    let refusal: FailureError | undefined;
    let isNew = false;
    this.#touched.add(run);
    await this.#durably(run, () => {
      refusal = this.#refusal(run);
      if (refusal) return;
      isNew = this.#run('INSERT OR IGNORE INTO signals (run, name, payload) VALUES (?, ?, ?)', run, name, JSON.stringify(payload)) > 0;
      if (isNew) this.#run('UPDATE parked SET wake_at = 0 WHERE run = ?', run);
    });
    if (refusal) throw refusal;
    return isNew;
  }

  /** What came with each signal of the run, by name. */
  signals(run: string): Map<string, Json> {
    const rows = this.#all('SELECT name, payload FROM signals WHERE run = ?', run);
    return new Map(rows.map((row) => [row.name as string, JSON.parse(row.payload as string) as Json]));
  }

  open(run: string, wait: Omit<OpenWait, 'run' | 'flowName'>): void {
    const { key, task, ask, since, until } = wait;
    const text = JSON.stringify(ask);
    this.#touched.add(run);
    this.#append(run, () =>
      this.#run('INSERT OR REPLACE INTO waits (run, key, task, ask, since, until) VALUES (?, ?, ?, ?, ?, ?)', run, key, task, text, since, until ?? null),
    );
  }

  end(run: string, key: string): void {
    this.#append(run, () => this.#run('DELETE FROM waits WHERE run = ? AND key = ?', run, key));
  }

  /** Open questions, the oldest first: of one run, or of all. */
  list({ run, limit = 200 }: { run?: string; limit?: number } = {}): OpenWait[] {
    const from = 'SELECT waits.*, flow_name FROM waits JOIN runs USING (run)';
    const rows = run === undefined ? this.#all(`${from} ORDER BY since LIMIT ?`, limit) : this.#all(`${from} WHERE run = ? ORDER BY since LIMIT ?`, run, limit);
    return rows.map(waitOf);
  }

  /** Resolves once the run is known to wait, held by no process. */
  async park(run: string, { wakeAt, heard, outputs, usage }: Parking): Promise<void> {
    await this.#durably(run, () => {
      const known = this.#all('SELECT count(*) AS known FROM signals WHERE run = ?', run)[0]?.known as number;
      const wake = known > heard ? 0 : (wakeAt ?? null);
      this.#run(`UPDATE runs SET status = 'waiting', outputs = ?, usage = ? WHERE run = ?`, JSON.stringify(outputs), JSON.stringify(usage), run);
      this.#run('INSERT OR REPLACE INTO parked (run, wake_at) VALUES (?, ?)', run, wake);
    });
  }

  /** The run is held again, after a rest or the death of its process; what it asks it will ask anew. */
  wake(run: string): void {
    this.#touched.add(run);
    this.#append(run, () => {
      this.#run(`UPDATE runs SET status = 'running', outputs = NULL, usage = NULL WHERE run = ? AND status = 'waiting'`, run);
      this.#run('DELETE FROM parked WHERE run = ?', run);
      this.#run('DELETE FROM waits WHERE run = ?', run);
    });
  }

  /** Parked runs whose time has come, those that wait longest first. */
  due(now: number, limit = 100): string[] {
    return this.#all('SELECT run FROM parked WHERE wake_at <= ? ORDER BY wake_at LIMIT ?', now, limit).map((row) => row.run as string);
  }

  /** When the next parked run is to be woken, ms since the epoch. */
  nextWake(): number | undefined {
    const [row] = this.#all('SELECT wake_at FROM parked WHERE wake_at IS NOT NULL ORDER BY wake_at LIMIT 1');
    return row?.wake_at as number | undefined;
  }

  /** Within the commit that ends the run. */
  forget(run: string): void {
    if (!this.#touched.delete(run)) return;
    for (const table of ['signals', 'waits', 'parked']) this.#run(`DELETE FROM ${table} WHERE run = ?`, run);
  }

  #refusal(run: string): FailureError | undefined {
    const status = this.#all('SELECT status FROM runs WHERE run = ?', run)[0]?.status;
    if (status === 'running' || status === 'waiting') return undefined;
    return new FailureError(status === undefined ? runMissing(run) : runEnded(run));
  }

  #durably(run: string, write: () => void): Promise<void> {
    return new Promise((resolve, reject) => this.#append(run, write, (error) => (error ? reject(error) : resolve())));
  }

  #run(sql: string, ...values: (string | number | null)[]): number {
    return Number(this.#database.prepare(sql).run(...values).changes);
  }

  #all(sql: string, ...values: (string | number)[]): Row[] {
    return this.#database.prepare(sql).all(...values) as Row[];
  }
}

function waitOf(row: Row): OpenWait {
  return {
    run: row.run as string,
    flowName: row.flow_name as string,
    key: row.key as string,
    task: row.task as string,
    ask: JSON.parse(row.ask as string) as Ask,
    since: row.since as number,
    ...(row.until !== null && { until: row.until as number }),
  };
}
