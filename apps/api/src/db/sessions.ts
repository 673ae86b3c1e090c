/** Sessions of browsers. Only hashes are kept, so that the database lets nobody in. */
import type { Database } from './schema.ts';

/** At most this many are kept: the oldest go first. */
const keptSessions = 200;

export async function createSession(database: Database, hash: string, expiresAt: number): Promise<void> {
  const now = Date.now();
  await database.insertInto('sessions').values({ hash, created_at: now, expires_at: expiresAt }).execute();
  await database.deleteFrom('sessions').where('expires_at', '<=', now).execute();
  const kept = database.selectFrom('sessions').select('hash').orderBy('created_at', 'desc').orderBy('hash').limit(keptSessions);
  await database.deleteFrom('sessions').where('hash', 'not in', kept).execute();
}

export async function hasSession(database: Database, hash: string): Promise<boolean> {
  const row = await database.selectFrom('sessions').select('hash').where('hash', '=', hash).where('expires_at', '>', Date.now()).executeTakeFirst();
  return row !== undefined;
}

export async function removeSession(database: Database, hash: string): Promise<void> {
  await database.deleteFrom('sessions').where('hash', '=', hash).execute();
}
