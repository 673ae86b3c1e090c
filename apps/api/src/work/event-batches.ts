/** Events in batches, as a run is watched: what is there goes together, and no batch is long. */
import type { RunEvent } from '@switchyard/shared';
import { sizeOf } from './event-size.ts';

/** Events that one batch has at most. */
const eventsPerBatch = 1000;
/** Characters of one batch, about; a single event may be longer. On their way to whoever does not read, a stream holds three batches: together less than `watchedLength`. */
const batchLength = 100_000;

/** The events in batches, in their order. */
export function* batchesOf(events: readonly RunEvent[]): Generator<RunEvent[]> {
  let batch: RunEvent[] = [];
  let length = 0;
  for (const event of events) {
    const size = sizeOf(event);
    if (batch.length > 0 && (batch.length >= eventsPerBatch || length + size > batchLength)) {
      yield batch;
      batch = [];
      length = 0;
    }
    batch.push(event);
    length += size;
  }
  if (batch.length > 0) yield batch;
}

/** The events of the batches one by one, for whoever looks at each. */
export async function* eachEvent(batches: AsyncIterable<readonly RunEvent[]>): AsyncGenerator<RunEvent> {
  for await (const batch of batches) yield* batch;
}

/** The last event of a batch, which is never empty. */
export function lastOf(batch: readonly RunEvent[]): RunEvent {
  return batch.at(-1) as RunEvent;
}
