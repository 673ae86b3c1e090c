/** What brings the WAL to the disk. */
import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';

export interface WalSync {
  /** Calls back once it is there, or with what prevented that; perhaps before it returns. */
  sync(done: (error: Error | null) => void): void;
  syncNow(): void;
  close(): void;
}

/** ms. What takes less is done in place: to hand it to another thread and hear from it costs as much CPU as the sync itself. */
const quickMs = 1;
/** How much the latest sync counts among those before it. */
const weight = 0.2;

/** Of the database in `file`. A slow disk is waited for beside the loop. */
export function walOf(file: string): WalSync {
  return new OpenWal(openSync(`${file}-wal`, 'r+'));
}

class OpenWal implements WalSync {
  readonly #handle: number;
  /** How long a sync takes, ms: of the latest ones, the newest counting most. Unknown, it is taken to be slow. */
  #usualMs = 2 * quickMs;

  constructor(handle: number) {
    this.#handle = handle;
  }

  sync(done: (error: Error | null) => void): void {
    const begin = performance.now();
    if (this.#usualMs >= quickMs) {
      fdatasync(this.#handle, (error) => {
        this.#took(performance.now() - begin);
        done(error);
      });
      return;
    }
    let failed: Error | null = null;
    try {
      fdatasyncSync(this.#handle);
    } catch (error) {
      failed = error as Error;
    }
    this.#took(performance.now() - begin);
    done(failed);
  }

  syncNow(): void {
    fdatasyncSync(this.#handle);
  }

  close(): void {
    closeSync(this.#handle);
  }

  #took(ms: number): void {
    this.#usualMs += weight * (ms - this.#usualMs);
  }
}
