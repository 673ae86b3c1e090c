/** Small facts about this installation, by name. */
import type { Database } from './schema.ts';

/** `seeded`: ms since the epoch at which the first flow was made. `model-tests`: what the latest test of each model found, `accepted-offers`: what was accepted of what connections offer, as JSON. */
export type FactName = 'seeded' | 'model-tests' | 'accepted-offers';

export async function getFact(database: Database, name: FactName): Promise<string | undefined> {
  return (await database.selectFrom('facts').select('value').where('name', '=', name).executeTakeFirst())?.value;
}

export async function putFact(database: Database, name: FactName, value: string): Promise<void> {
  await database
    .insertInto('facts')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}
