/** The actions of databases of documents: each is checked, bounded in time and in what it gives, and none takes a command from outside. */
import { isJsonObject, type ConnectRequest, type Json, type JsonObject } from '@switchyard/shared';
import type { Db } from 'mongodb';
import { z } from 'zod';
import { action, performAction, type ActionTable } from '../action-table.ts';
import type { ConnectorCall } from '../connector.ts';
import { checkCollection, checkFilter, checkPipeline, checkUpdate, checkValue } from './guard.ts';
import { Answer, toBson, toJson } from './values.ts';

const mostDocuments = 1000;
const batchSize = 100;

const document = z.custom<JsonObject>(isJsonObject, 'it must be an object');
const limit = z.int().min(1).max(mostDocuments).default(100);
/** `within` is what the asking node was granted; it never comes from a model. */
const common = { collection: z.string(), within: z.array(z.string()).optional() };
const filter = document.default({});

const find = z.strictObject({
  ...common,
  filter,
  projection: document.optional(),
  sort: document.optional(),
  skip: z.int().min(0).max(1_000_000).default(0),
  limit,
});
const aggregate = z.strictObject({ ...common, pipeline: z.array(document).max(50), limit });
const count = z.strictObject({ ...common, filter });
const distinct = z.strictObject({ ...common, field: z.string().min(1).max(200), filter });
const insert = z.strictObject({ ...common, documents: z.array(document).min(1).max(100) });
const update = z.strictObject({ ...common, filter: document, update: document, many: z.boolean().default(false) });
const remove = z.strictObject({ ...common, filter: document, many: z.boolean().default(false) });

const actions: ActionTable<Db> = {
  find: action('read', find, async (database, { filter: wanted, projection, sort, skip, limit: most, ...asked }, call) => {
    const cursor = collectionOf(database, asked, [wanted, projection, sort]).find(toBson(wanted), {
      ...(projection && { projection: toBson(projection) }),
      ...(sort && { sort: toBson(sort) as Record<string, 1 | -1> }),
      skip,
      limit: most + 1,
      batchSize: Math.min(batchSize, most + 1),
      ...bounds(call),
    });
    return await documentsOf(cursor, most);
  }),
  aggregate: action('read', aggregate, async (database, { pipeline, limit: most, ...asked }, call) => {
    const collection = collectionOf(database, asked, [pipeline]);
    checkPipeline(pipeline, asked.within);
    const stages = [...pipeline.map(toBson), { $limit: most + 1 }];
    return await documentsOf(collection.aggregate(stages, { batchSize: Math.min(batchSize, most + 1), allowDiskUse: false, ...bounds(call) }), most);
  }),
  count: action('read', count, async (database, { filter: wanted, ...asked }, call) => ({
    count: await collectionOf(database, asked, [wanted]).countDocuments(toBson(wanted), bounds(call)),
  })),
  distinct: action('read', distinct, async (database, { field, filter: wanted, ...asked }, call) => {
    const found = await collectionOf(database, asked, [wanted]).distinct(field, toBson(wanted), bounds(call));
    const answer = new Answer(mostDocuments);
    const isWhole = found.every((value) => answer.add(value));
    return { values: answer.values, ...(!isWhole && { truncated: true, size: found.length }) };
  }),
  insert: action('write', insert, async (database, { documents, ...asked }, call) => {
    const { insertedIds } = await collectionOf(database, asked, documents).insertMany(documents.map(toBson), bounds(call));
    return { ids: Object.values(insertedIds).map(toJson) };
  }),
  update: action('write', update, async (database, { filter: wanted, update: change, many, ...asked }, call) => {
    const collection = collectionOf(database, asked, [wanted, change]);
    checkFilter(wanted);
    checkUpdate(change);
    const done = await collection[many ? 'updateMany' : 'updateOne'](toBson(wanted), toBson(change), bounds(call));
    return { matched: done.matchedCount, changed: done.modifiedCount };
  }),
  remove: action('write', remove, async (database, { filter: wanted, many, ...asked }, call) => {
    const collection = collectionOf(database, asked, [wanted]);
    checkFilter(wanted);
    const done = await collection[many ? 'deleteMany' : 'deleteOne'](toBson(wanted), bounds(call));
    return { removed: done.deletedCount };
  }),
};

/** Performs one action. Rejects with what the guard or the driver rejects with. */
export function performDocumentAction(database: Db, request: ConnectRequest, call: ConnectorCall): Promise<Json> {
  return performAction(actions, 'A database of documents', { client: database, request, call });
}

/** The server stops by itself when the call's time is up. */
export function bounds({ deadline }: ConnectorCall): { maxTimeMS: number } {
  return { maxTimeMS: Math.max(1, Math.floor(deadline.endsAt - Date.now())) };
}

function collectionOf(database: Db, { collection, within }: { collection: string; within?: string[] | undefined }, values: (Json | undefined)[]) {
  checkCollection(collection, within);
  for (const value of values) if (value !== undefined) checkValue(value);
  return database.collection(collection);
}

async function documentsOf(cursor: AsyncIterable<unknown>, most: number): Promise<Json> {
  const answer = new Answer(most);
  let isWhole = true;
  // Leaving the loop closes the cursor, here and at the server.
  for await (const found of cursor) {
    isWhole = answer.add(found);
    if (!isWhole) break;
  }
  return { documents: answer.values, ...(!isWhole && { truncated: true }) };
}
