/** The events of a run under way: those that are kept, then what happens. */
import type { RunEvent } from '@switchyard/shared';
import type { LiveRun } from './live-run.ts';

/** Events with a seq above `after`; ends after `run-end`, when the run is let go of, or when `signal` aborts. */
export async function* watchLive(live: LiveRun, after: number, signal: AbortSignal): AsyncGenerator<RunEvent> {
  let wake: (() => void) | undefined;
  let isOver = signal.aborted;
  const end = () => {
    isOver = true;
    wake?.();
  };
  // Taken and listened to in one step, so that nothing is missed and nothing comes twice.
  const queue = live.events(after);
  const unlisten = live.listen((event) => {
    queue.push(event);
    wake?.();
  }, end);
  signal.addEventListener('abort', end, { once: true });
  try {
    for (;;) {
      while (queue.length > 0) {
        for (const event of queue.splice(0)) {
          if (signal.aborted) return;
          yield event;
          if (event.type === 'run-end') return;
        }
      }
      if (isOver) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    unlisten();
    signal.removeEventListener('abort', end);
  }
}
