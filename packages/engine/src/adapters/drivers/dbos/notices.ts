/**
 * Short notices between the processes on one database, over LISTEN and NOTIFY.
 *
 * A notice may be lost, such as while the connection is made anew: whoever listens looks again from time to time, and never relies on one.
 */
import pg from 'pg';
import type { Json } from '@switchyard/shared';
import type { DriverLog } from './driver-log.ts';

/** Something told under a topic. */
export interface Notice {
  topic: string;
  body: Json;
}

/** What is told under a topic, to all processes, this one included. */
export interface Notices {
  tell(topic: string, body: Json): Promise<void>;
  /** The returned function ends the listening. */
  listen(topic: string, listener: (body: Json) => void): () => void;
  /** Calls whenever the connection breaks, which it does whenever the server does. */
  onBroken(listener: () => void): void;
}

/** Statements of others may tell too, in the commit that makes it true. */
export const noticeChannel = 'switchyard';
/** PostgreSQL takes up to 8,000 bytes. */
const mostBytes = 7900;
const reconnectMs = 500;

/** As a statement tells them; one that is too long is left out. */
export function payloadsOf(notices: readonly Notice[]): string[] {
  return notices.map((notice) => JSON.stringify(notice)).filter((payload) => Buffer.byteLength(payload) <= mostBytes);
}

/** Connects; `close` ends that. Rejects where the first connection fails. */
export async function openNotices(databaseUrl: string, pool: pg.Pool, log: DriverLog): Promise<Notices & { close(): Promise<void> }> {
  const listeners = new Map<string, Set<(body: Json) => void>>();
  const brokenListeners: (() => void)[] = [];
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
      for (const listener of brokenListeners) listener();
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
  await connect();

  return {
    async tell(topic, body) {
      const [payload] = payloadsOf([{ topic, body }]);
      if (payload === undefined || isClosed) return;
      // Nobody relies on a notice, so nobody waits for the disk.
      const text = `SELECT pg_notify($1, $2) FROM set_config('synchronous_commit', 'off', true)`;
      await pool.query({ name: 'tell', text, values: [noticeChannel, payload] }).catch((error: Error) => log.warn(`A notice was lost: ${error.message}`));
    },
    listen(topic, listener) {
      const of = listeners.get(topic) ?? new Set();
      listeners.set(topic, of.add(listener));
      return () => {
        of.delete(listener);
        if (of.size === 0) listeners.delete(topic);
      };
    },
    onBroken: (listener) => void brokenListeners.push(listener),
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
