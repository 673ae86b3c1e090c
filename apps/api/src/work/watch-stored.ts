/** The events of a run in the database, in batches, whichever process executes it. */
import { topicOf, type DbosEngine } from '@switchyard/engine/adapters/dbos';
import type { RunEvent } from '@switchyard/shared';
import { batchesOf, lastOf } from './event-batches.ts';

const eventsPerPage = 1000;
/** Pieces of streamed text that are held for whoever takes events slower than they come; the call's end tells it whole. */
const mostDeltas = 1000;
/** A notice may be lost: it is looked again this often without one. */
const lookAgainMs = 1000;

/** Events with a seq above `after`, stored ones and then live ones; ends after the `run-end` of a run that has ended, or when `signal` aborts. */
export async function* watchStored(
  { runs, notices }: DbosEngine,
  { run, after }: { run: string; after: number },
  signal: AbortSignal,
): AsyncGenerator<RunEvent[]> {
  let last = after;
  let isTold = true;
  let wake = () => {};
  let deltas: RunEvent[] = [];
  const tell = () => {
    isTold = true;
    wake();
  };
  const unlisten = notices.listen(topicOf(run), (body) => {
    if (typeof body !== 'object' || body === null || !('delta' in body)) return tell();
    if (deltas.length >= mostDeltas) deltas = [];
    deltas.push(body.delta as unknown as RunEvent);
  });
  signal.addEventListener('abort', tell, { once: true });
  try {
    while (!signal.aborted) {
      isTold = false;
      // Read before the status, so that what the end brought is not missed.
      const status = await runs.status(run);
      const isOver = status !== 'running' && status !== 'waiting';
      const { events: stored, isAll } = await runs.page(run, last, eventsPerPage);
      const heard = isAll ? deltas : [];
      if (heard === deltas) deltas = [];
      for (const batch of batchesOf(inOrder([...stored, ...heard], last))) {
        if (signal.aborted) return;
        const latest = lastOf(batch);
        last = latest.seq;
        yield batch;
        if (isEnd(latest)) return;
      }
      if (!isAll) continue;
      if (isOver) return;
      if (!isTold) await waitFor(lookAgainMs, (resolve) => (wake = resolve));
    }
  } finally {
    unlisten();
    signal.removeEventListener('abort', tell);
  }
}

/** Those above `after`, each once, up to the end of the run. */
function inOrder(events: RunEvent[], after: number): RunEvent[] {
  const fresh = events.filter(({ seq }) => seq > after).sort((a, b) => a.seq - b.seq);
  const once = fresh.filter(({ seq }, at) => seq !== fresh[at - 1]?.seq);
  const end = once.findIndex(isEnd);
  return end < 0 ? once : once.slice(0, end + 1);
}

function isEnd(event: RunEvent): boolean {
  return event.type === 'run-end' && event.status !== 'waiting';
}

async function waitFor(ms: number, register: (resolve: () => void) => void): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    register(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
