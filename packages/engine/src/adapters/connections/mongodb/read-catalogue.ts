/** What a database of documents holds, from its first documents: it has no schema that could be read. Bounded: time ends the extras first. */
import type { Json } from '@switchyard/shared';
import type { Db } from 'mongodb';
import type { ConnectorCall } from '../connector.ts';
import { bounds } from './actions.ts';
import { fieldsOf } from './fields-of.ts';

const mostCollections = 100;
const sampled = 50;
const budgetMs = 1_500;

/** `{ collections: [{ name, documents, documentsAre: 'about', fields: [{ name, types, in, values? }] }] }`: the number of documents is the server's estimate. */
export async function readCatalogue(database: Db, call: ConnectorCall): Promise<Json> {
  const endsAt = Date.now() + budgetMs;
  const collections: Json[] = [];
  for (const name of await collectionNames(database, call)) {
    const left = endsAt - Date.now();
    collections.push(left > 0 ? await describe(database, name, left) : { name });
  }
  return { collections };
}

export async function collectionNames(database: Db, call: ConnectorCall): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of database.listCollections({}, { nameOnly: true, authorizedCollections: true, ...bounds(call) }))
    if (!name.startsWith('system.')) names.push(name);
  return names.sort().slice(0, mostCollections);
}

/** One that cannot be read, or not within the time, is told by its name alone. */
async function describe(database: Db, name: string, maxTimeMS: number): Promise<Json> {
  try {
    const collection = database.collection(name);
    const documents = await collection.estimatedDocumentCount({ maxTimeMS });
    const first = await collection.find({}, { limit: sampled, batchSize: sampled, maxTimeMS }).toArray();
    return { name, documents, documentsAre: 'about', fields: fieldsOf(first) };
  } catch (error) {
    if (typeof (error as { code?: unknown }).code === 'number') return { name };
    throw error;
  }
}
