/**
 * The events of a run under way, in batches: those that are kept, page by page, then what happens.
 *
 * 1. Nothing is missed and nothing comes twice: the last page is taken and listening begins in one step.
 * 2. Whoever takes events slower than they come holds at most `mostWaiting` of them in memory, and of long ones fewer: what came meanwhile is dropped, and read again
 *    from what is kept. Streamed text of a call that has ended by then is left out; the call's end tells it whole.
 * 3. A batch is what is there, and waits for nothing but the end of the turn of the event loop in which it came.
 * 4. Others have their turn between any two pages: whoever takes them at once would else be read to for as long as there are any.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunEvent } from '@switchyard/shared';
import { batchesOf, lastOf } from './event-batches.ts';
import { watchedLength } from './event-size.ts';
import type { LiveRun } from './live-run.ts';

const eventsPerPage = 1000;
const mostWaiting = 1000;

/** Events with a seq above `after`; ends after `run-end`, when the run is let go of, or when `signal` aborts. */
export async function* watchLive(live: LiveRun, after: number, signal: AbortSignal): AsyncGenerator<RunEvent[]> {
  let last = after;
  let waiting: RunEvent[] = [];
  let length = 0;
  let isBehind = true;
  let isOver = false;
  let wake = () => {};
  const listen = (event: RunEvent, size: number) => {
    if (!isBehind) {
      waiting.push(event);
      length += size;
    }
    if (waiting.length > mostWaiting || (waiting.length > 1 && length > watchedLength)) {
      waiting = [];
      isBehind = true;
    }
    wake();
  };
  const end = () => {
    isOver = true;
    wake();
  };
  const unlisten = live.listen(listen, end);
  signal.addEventListener('abort', end, { once: true });
  const take = (): RunEvent[] => {
    length = 0;
    if (!isBehind) return waiting.splice(0);
    // Let go of without an end: its store may be closed by now.
    if (isOver && !live.hasEnded) return [];
    const { events, isAll } = live.page(last, eventsPerPage, watchedLength);
    isBehind = !isAll;
    return events;
  };
  try {
    while (!signal.aborted) {
      const events = take();
      for (const batch of batchesOf(events)) {
        if (signal.aborted) return;
        const latest = lastOf(batch);
        last = latest.seq;
        yield batch;
        if (latest.type === 'run-end') return;
      }
      if (events.length === 0) {
        if (isOver) return;
        if (waiting.length === 0 && !isBehind)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
      await nextTurn();
    }
  } finally {
    unlisten();
    signal.removeEventListener('abort', end);
  }
}
