/**
 * The events of a run under way: those that are kept, page by page, then what happens.
 *
 * 1. Nothing is missed and nothing comes twice: the last page is taken and listening begins in one step.
 * 2. Whoever takes events slower than they come holds at most `mostWaiting` of them in memory: what came meanwhile is dropped, and read again
 *    from what is kept. Streamed text of a call that has ended by then is left out; the call's end tells it whole.
 */
import type { RunEvent } from '@switchyard/shared';
import type { LiveRun } from './live-run.ts';

const eventsPerPage = 1000;
const mostWaiting = 1000;

/** Events with a seq above `after`; ends after `run-end`, when the run is let go of, or when `signal` aborts. */
export async function* watchLive(live: LiveRun, after: number, signal: AbortSignal): AsyncGenerator<RunEvent> {
  let last = after;
  let waiting: RunEvent[] = [];
  let isBehind = true;
  let isOver = false;
  let wake = () => {};
  const listen = (event: RunEvent) => {
    if (!isBehind) waiting.push(event);
    if (waiting.length > mostWaiting) {
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
    if (!isBehind) return waiting.splice(0);
    // Let go of without an end: its store may be closed by now.
    if (isOver && !live.hasEnded) return [];
    const { events, isAll } = live.page(last, eventsPerPage);
    isBehind = !isAll;
    return events;
  };
  try {
    while (!signal.aborted) {
      const batch = take();
      for (const event of batch) {
        if (signal.aborted) return;
        last = event.seq;
        yield event;
        if (event.type === 'run-end') return;
      }
      if (batch.length > 0) continue;
      if (isOver) return;
      if (waiting.length > 0 || isBehind) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    unlisten();
    signal.removeEventListener('abort', end);
  }
}
