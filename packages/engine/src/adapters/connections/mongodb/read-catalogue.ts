/** What a database of documents holds, from its first documents: it has no schema that could be read. Bounded: time ends the extras first. */
import type { Json } from '@switchyard/shared';
import { BSON, type Db } from 'mongodb';
import type { ConnectorCall } from '../connector.ts';
import { bounds } from './actions.ts';
import { fieldsOf } from './fields-of.ts';

const mostCollections = 100;
/** Names that are read, to tell the first of them in order. */
const mostNames = 10_000;
const sampled = 50;
/** Bytes of the documents that are looked at; the last one may go beyond. */
const mostSampled = 4_000_000;
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
  for await (const { name } of database.listCollections({}, { nameOnly: true, authorizedCollections: true, ...bounds(call) })) {
    if (!name.startsWith('system.')) names.push(name);
    if (names.length >= mostNames) break;
  }
  return names.sort().slice(0, mostCollections);
}

/** One that cannot be read, or not within the time, is told by its name alone. */
async function describe(database: Db, name: string, maxTimeMS: number): Promise<Json> {
  try {
    const collection = database.collection(name);
    const documents = await collection.estimatedDocumentCount({ maxTimeMS });
    const first = collection.find({}, { limit: sampled, batchSize: sampled, maxTimeMS });
    return { name, documents, documentsAre: 'about', fields: fieldsOf(await sampleOf(first)) };
  } catch (error) {
    if (typeof (error as { code?: unknown }).code === 'number') return { name };
    throw error;
  }
}

/** What the server gives beyond what it was asked for is not read. */
async function sampleOf(cursor: AsyncIterable<BSON.Document>): Promise<BSON.Document[]> {
  const documents: BSON.Document[] = [];
  let bytes = 0;
  for await (const document of cursor) {
    documents.push(document);
    bytes += BSON.calculateObjectSize(document);
    if (documents.length >= sampled || bytes >= mostSampled) break;
  }
  return documents;
}
