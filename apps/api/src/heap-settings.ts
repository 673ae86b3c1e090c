import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/**
 * How the heap is kept in a process that serves runs.
 *
 * V8 makes objects old from the first where most of those that one place in the code made outlived a collection. What a run makes is young: it is gone some
 * milliseconds later. But whatever was made just before a collection outlives it, and a place that had made little else by then is taken for one of lasting
 * things. Each such object keeps what it refers to until the whole heap is collected: 7 ms of collecting in 1,000 runs became 25. Decision 27.
 */
export function settleHeap(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/** ms between two looks. */
const lookMs = 500;
/** Of the time since the last look: a process that did less than this is at rest. */
const restingShare = 0.02;
/** Bytes of memory that are worth a pause. */
const worthwhile = 16_000_000;
/** Looks between two collections at least: one that keeps waking for a moment is not collected again and again. */
const looksBetween = 120;

/** What is looked at and done; V8's own but for tests. */
export interface HeapMeans {
  /** Of the time since the last call in which the process worked, 0 to 1. */
  share(): number;
  /** Memory that the heap takes of the system, bytes. */
  taken(): number;
  collect(): Promise<void>;
}

/**
 * Gives memory back to the system when the process has come to rest; the returned function ends that.
 *
 * V8 gives back what the young took only as it works, and a server at rest does not: after its start, or after a burst of runs, some 40 MB stay with it.
 */
export function giveBackAtRest(means: HeapMeans = v8Means()): () => void {
  let known = 0;
  let looks = looksBetween;
  means.share();
  const timer = setInterval(() => {
    looks += 1;
    if (means.share() > restingShare || looks < looksBetween || means.taken() - known < worthwhile) return;
    looks = 0;
    void means.collect().finally(() => {
      known = means.taken();
    });
  }, lookMs);
  timer.unref();
  return () => clearInterval(timer);
}

function v8Means(): HeapMeans {
  let before = performance.eventLoopUtilization();
  return {
    share() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    taken: () => getHeapStatistics().total_physical_size,
    async collect() {
      const { Session } = await import('node:inspector/promises');
      const session = new Session();
      session.connect();
      // Node has no call of its own for it; the protocol of its inspector has. It pauses the process for some 80 ms.
      await session.post('HeapProfiler.collectGarbage');
      session.disconnect();
    },
  };
}
