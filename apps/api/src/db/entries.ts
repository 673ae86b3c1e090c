/** The workspace's models and connections as they are stored, one row each. */
import { connectionSchema, modelSchema, type Connection, type Model } from '@switchyard/shared';
import type { Database, EntryOrigin } from './schema.ts';

export type StoredEntry = { name: string; origin: EntryOrigin } & ({ sort: 'model'; value: Model } | { sort: 'connection'; value: Connection });

/** All entries by name; throws where one cannot be read, which only a hand in the database could bring about. */
export async function listEntries(database: Database): Promise<StoredEntry[]> {
  const rows = await database.selectFrom('entries').select(['sort', 'name', 'text', 'origin']).orderBy('name').execute();
  return rows.map(({ sort, name, text, origin }): StoredEntry => {
    const value: unknown = JSON.parse(text);
    return sort === 'model' ? { sort, name, origin, value: modelSchema.parse(value) } : { sort, name, origin, value: connectionSchema.parse(value) };
  });
}

/** Stores the entry, in place of one of that name. */
export async function putEntry(database: Database, { sort, name, origin, value }: StoredEntry): Promise<void> {
  const row = { text: JSON.stringify(value), origin, updated_at: Date.now() };
  await database
    .insertInto('entries')
    .values({ sort, name, ...row })
    .onConflict((conflict) => conflict.columns(['sort', 'name']).doUpdateSet(row))
    .execute();
}

/** False where there is no such entry. */
export async function removeEntry(database: Database, sort: StoredEntry['sort'], name: string): Promise<boolean> {
  const outcome = await database.deleteFrom('entries').where('sort', '=', sort).where('name', '=', name).executeTakeFirst();
  return outcome.numDeletedRows === 1n;
}
