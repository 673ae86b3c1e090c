/**
 * Short notices between the processes on one database, over LISTEN and NOTIFY.
 *
 * A notice may be lost, such as while the connection is made anew: whoever listens looks again from time to time, and never relies on one.
 */
import pg from 'pg';
import type { Json } from '@switchyard/shared';
import type { DriverLog } from './dbos-process.ts';

/** Something told under a topic. */
export interface Notice {
  topic: string;
  body: Json;
}

/** What is told under a topic, to all processes, this one included. */
export interface Notices {
  tell(topic: string, body: Json): Promise<void>;
  /** Several at once, in order. */
  tellAll(notices: readonly Notice[]): Promise<void>;
  /** The returned function ends the listening. */
  listen(topic: string, listener: (body: Json) => void): () => void;
}

/** Statements of others may tell too, in the commit that makes it true. */
export const noticeChannel = 'switchyard';
/** PostgreSQL takes up to 8,000 bytes. */
const mostBytes = 7900;
const reconnectMs = 500;

/** Connects; `close` ends that. Rejects where the first connection fails. */
export async function openNotices(databaseUrl: string, pool: pg.Pool, log: DriverLog): Promise<Notices & { close(): Promise<void> }> {
  const listeners = new Map<string, Set<(body: Json) => void>>();
  let client: pg.Client | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  const hear = (payload: string | undefined) => {
    const { topic, body } = JSON.parse(payload ?? '{}') as Notice;
    for (const listener of listeners.get(topic) ?? []) listener(body);
  };
  const connect = async () => {
    const next = new pg.Client({ connectionString: databaseUrl, application_name: 'switchyard notices' });
    next.on('notification', ({ payload }) => hear(payload));
    next.on('error', () => undefined);
    next.on('end', () => {
      if (isClosed) return;
      client = undefined;
      timer = setTimeout(() => void connect().catch((error: Error) => again(error)), reconnectMs);
    });
    await next.connect();
    await next.query(`LISTEN ${noticeChannel}`);
    client = next;
  };
  const again = (error: Error) => {
    log.warn(`The connection for notices could not be made: ${error.message}. It is tried again.`);
    if (!isClosed) timer = setTimeout(() => void connect().catch(again), reconnectMs);
  };
  const tellAll = async (notices: readonly Notice[]) => {
    const payloads = notices.map((notice) => JSON.stringify(notice)).filter((payload) => Buffer.byteLength(payload) <= mostBytes);
    if (payloads.length === 0 || isClosed) return;
    await pool
      .query({ name: 'tell', text: 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', values: [noticeChannel, payloads] })
      .catch((error: Error) => log.warn(`A notice was lost: ${error.message}`));
  };
  await connect();

  return {
    tell: (topic, body) => tellAll([{ topic, body }]),
    tellAll,
    listen(topic, listener) {
      const of = listeners.get(topic) ?? new Set();
      listeners.set(topic, of.add(listener));
      return () => {
        of.delete(listener);
        if (of.size === 0) listeners.delete(topic);
      };
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
