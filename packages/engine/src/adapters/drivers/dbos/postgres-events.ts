/** Events as rows of PostgreSQL hold them: some of one run in each, without their long values. */
import type { RunEvent } from '@switchyard/shared';
import type pg from 'pg';
import { withoutLongValues, type Blob } from '../long-values.ts';
import type { PostgresBlobs } from './postgres-blobs.ts';

const rowsPerRead = 500;
/** Characters of long values: a page ends where it has become so long, unless it is to be shorter. */
export const largePage = 8_000_000;

export interface EventPage {
  events: RunEvent[];
  isAll: boolean;
}

/** Events with a seq above `after`, in order, at most `limit`; fewer where their long values come to `length` characters, none only where there is none. */
export async function readEvents(
  { pool, blobs }: { pool: pg.Pool; blobs: PostgresBlobs },
  run: string,
  { after, limit, length: most }: { after: number; limit: number; length: number },
): Promise<EventPage> {
  const found: RunEvent[] = [];
  let isAll = false;
  let length = 0;
  for (let last = after; found.length < limit && length < most && !isAll; ) {
    const { rows } = await pool.query<{ last: number; events: RunEvent[] }>(
      `SELECT last, events FROM switchyard.events WHERE run = $1 AND last > $2 ORDER BY last LIMIT ${rowsPerRead}`,
      [run, last],
    );
    isAll = rows.length < rowsPerRead;
    last = rows.at(-1)?.last ?? last;
    for (const event of rows.flatMap((row) => row.events)) {
      if (event.seq <= after) continue;
      if (found.length >= limit || length >= most) {
        isAll = false;
        break;
      }
      found.push(event);
      for (const { bytes, blob } of event.abridged ?? []) if (blob !== undefined) length += bytes;
    }
  }
  return { events: await blobs.wholeEvents(found), isAll };
}

/** Each event as JSON without its long values, and these. */
export function shortEvents(events: readonly RunEvent[]): { events: string[]; blobs: Blob[] } {
  const blobs: Blob[] = [];
  const texts = events.map((event) => {
    const text = JSON.stringify(event);
    const short = withoutLongValues(event, text);
    blobs.push(...short.blobs);
    return short.event === event ? text : JSON.stringify(short.event);
  });
  return { events: texts, blobs };
}
