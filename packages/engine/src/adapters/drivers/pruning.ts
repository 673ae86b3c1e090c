/**
 * Which ended runs are kept, and how the others leave a store: beside its other work, a little at a time.
 *
 * 1. A slice is small; the next one comes after a pause. So pruning takes a part of the time, however much there is to do.
 * 2. A slice that fails is tried again at the next look; the log says so.
 */
import type { DriverLog } from './dbos/driver-log.ts';

/** What is kept of the runs that have ended. */
export interface Kept {
  /** Those that ended at this moment or later, ms since the epoch; absent, however long ago. */
  endedAfter?: number;
  /** So many, those that ended last; absent, any number. */
  runs?: number;
}

/** A store that ended runs can leave. */
export interface Pruning {
  /** Removes a little of what is kept no longer; resolves with whether more is left. */
  slice(kept: Kept): Promise<boolean>;
}

/** What a policy says: 0 is without a limit. */
export interface Retention {
  days: number;
  runs: number;
  /** Where nothing was left, it is looked again after so long. */
  lookEveryMs?: number;
}

const dayMs = 24 * 60 * 60_000;
const pauseMs = 40;

/** Prunes from a moment after now on; the returned function ends that, and resolves when the slice under way has. */
export function keepPruned(pruning: Pruning, { days, runs, lookEveryMs = 60_000 }: Retention, log: Pick<DriverLog, 'warn'>): () => Promise<void> {
  if (days === 0 && runs === 0) return async () => undefined;
  let isClosed = false;
  let turn: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const wait = (ms: number) => {
    if (isClosed) return;
    timer = setTimeout(() => {
      turn = takeTurn();
    }, ms).unref();
  };
  const takeTurn = async () => {
    try {
      const isLeft = await pruning.slice({ ...(days > 0 && { endedAfter: Date.now() - days * dayMs }), ...(runs > 0 && { runs }) });
      wait(isLeft ? pauseMs : lookEveryMs);
    } catch (error) {
      log.warn(`Old runs could not be removed: ${(error as Error).message}`);
      wait(lookEveryMs);
    }
  };
  wait(pauseMs);
  return async () => {
    isClosed = true;
    clearTimeout(timer);
    await turn;
  };
}
