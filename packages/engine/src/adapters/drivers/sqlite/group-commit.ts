/**
 * Writes to one SQLite file that become durable together.
 *
 * 1. Writes are made in the order given, at most 256 in one transaction. A transaction gathers while others come: until some turns of the loop bring
 *    none, and no longer than a moment, since a transaction costs more than the writes in it. While one is on its way to the disk the next gathers.
 *    What nobody waits for begins none: it goes with the next that does, or after a while.
 * 2. A write is settled once the WAL has been synced after its COMMIT. That is what `synchronous=FULL` does within COMMIT; here it is done beside the
 *    loop where the disk is slow (wal-sync.ts). SQLite itself still syncs around its checkpoints (`synchronous=NORMAL`).
 * 3. Writes are settled in the order given, each once.
 * 4. A write that fails by itself is undone alone. Where its transaction is lost (a full disk), every write in it fails; where the WAL could not be
 *    synced, every later one as well, since nobody can tell what is on the disk.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { WalSync } from './wal-sync.ts';

export interface Write {
  /** Whether somebody waits for it to be settled. */
  isAwaited: boolean;
  run(): void;
  /** Called once it is durable, or with what prevented that. */
  settle(error?: Error): void;
}

const writesPerCommit = 256;
/** Turns of the loop that bring no write: whoever is to write next waits for the disk or for somebody else. */
const quietTurns = 2;
/** ms that a transaction gathers at most. */
const longestGathering = 2;
/** ms that what nobody waits for is held back at most. */
const longestHeld = 5;

export class GroupCommit {
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #database: DatabaseSync;
  readonly #wal: WalSync;
  #queue: Write[] = [];
  /** Committed, and on its way to the disk. */
  #underWay: Write[] = [];
  #isScheduled = false;
  /** Whether somebody waits for what is in the queue. */
  #isAwaited = false;
  /** Brings what nobody waits for to the disk. */
  #holding: ReturnType<typeof setTimeout> | undefined;
  #broken: Error | undefined;

  /** On a database in WAL mode that has been committed to with `synchronous=FULL`, so that its WAL is there and the folder's entry for it on the disk. */
  constructor(database: DatabaseSync, wal: WalSync) {
    this.#database = database;
    database.exec('PRAGMA synchronous = NORMAL');
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#wal = wal;
  }

  add(write: Write): void {
    this.#queue.push(write);
    if (write.isAwaited) this.#isAwaited = true;
    this.#goOn();
  }

  /** Somebody waits for what was given so far. */
  hasten(): void {
    if (this.#queue.length === 0) return;
    this.#isAwaited = true;
    this.#goOn();
  }

  /** Returns once everything given so far is settled. */
  flush(): void {
    while (this.#queue.length > 0 || this.#underWay.length > 0) {
      if (this.#underWay.length > 0) this.#syncNow();
      else this.#underWay = this.#commitBatch();
    }
  }

  /** Nothing may be added after this. */
  close(): void {
    this.flush();
    clearTimeout(this.#holding);
    this.#wal.close();
  }

  #hold(): void {
    this.#holding ??= setTimeout(() => {
      this.#holding = undefined;
      if (!this.#isScheduled && this.#underWay.length === 0) this.#commitNext();
    }, longestHeld);
  }

  #schedule(): void {
    this.#isScheduled = true;
    const until = performance.now() + longestGathering;
    let known = this.#queue.length;
    let quiet = 0;
    const turn = () => {
      const { length } = this.#queue;
      quiet = length === known ? quiet + 1 : 0;
      known = length;
      if (quiet < quietTurns && length < writesPerCommit && performance.now() < until) setImmediate(turn);
      else {
        this.#isScheduled = false;
        this.#commitNext();
      }
    };
    setImmediate(turn);
  }

  #commitNext(): void {
    // A flush may have come between.
    if (this.#underWay.length > 0 || this.#queue.length === 0) return;
    const batch = this.#commitBatch();
    this.#underWay = batch;
    if (batch.length > 0) {
      this.#wal.sync((error) => {
        // A flush may have been quicker.
        if (this.#underWay !== batch) return;
        this.#settle(batch, error);
        this.#goOn();
      });
    } else this.#commitNext();
  }

  #goOn(): void {
    if (this.#isScheduled || this.#underWay.length > 0 || this.#queue.length === 0) return;
    if (this.#isAwaited || this.#queue.length >= writesPerCommit) this.#schedule();
    else this.#hold();
  }

  /** Settles what failed; gives what remains to be synced. */
  #commitBatch(): Write[] {
    clearTimeout(this.#holding);
    this.#holding = undefined;
    const batch = this.#queue.length > writesPerCommit ? this.#queue.splice(0, writesPerCommit) : this.#queue;
    if (batch === this.#queue) {
      this.#queue = [];
      this.#isAwaited = false;
    }
    const made: Write[] = [];
    const failed: { write: Write; error: Error }[] = [];
    try {
      if (this.#broken) throw this.#broken;
      this.#begin.run();
      for (const write of batch) {
        try {
          write.run();
          made.push(write);
        } catch (error) {
          if (!this.#database.isTransaction) throw error;
          failed.push({ write, error: error as Error });
        }
      }
      this.#commit.run();
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      for (const write of batch) write.settle(error as Error);
      return [];
    }
    for (const { write, error } of failed) write.settle(error);
    return made;
  }

  #syncNow(): void {
    let failed: Error | null = null;
    try {
      this.#wal.syncNow();
    } catch (error) {
      failed = error as Error;
    }
    this.#settle(this.#underWay, failed);
  }

  #settle(batch: Write[], error: Error | null): void {
    this.#underWay = [];
    if (error) this.#broken = error;
    for (const write of batch) write.settle(error ?? undefined);
  }
}
