/** What a database of documents can be asked: the same list as tools and as steps. */
import type { Json, JsonObject, Schema } from '@switchyard/shared';
import { objectSchema } from '../../schema.ts';

export const actionNames = ['find', 'aggregate', 'count', 'distinct', 'insert', 'update', 'remove'] as const;

export interface Action {
  name: (typeof actionNames)[number];
  /** Told to the model. */
  description: string;
  input: Schema;
  effect: 'read' | 'write';
  /** What a step gives of the result. */
  valueOf(result: Json): Json;
}

const collection: Schema = { type: 'string', minLength: 1, description: 'Name of the collection' };
const filter: Schema = {
  type: 'object',
  description:
    'Which documents, in MongoDB\'s query language, such as { "state": "open", "total": { "$gte": 50 } }. Ids are { "$oid": "…" }, moments { "$date": "2026-05-01T00:00:00Z" }',
};
const limit: Schema = { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'How many documents at most' };
const many: Schema = { type: 'boolean', default: false, description: 'True: all that fit the filter; false: the first' };
const documents: Schema = { type: 'array', items: { type: 'object' }, minItems: 1, maxItems: 100 };

const partOf = (name: string) => (result: Json) => (result as JsonObject)[name] ?? null;
const whole = (result: Json) => result;

export const actions: readonly Action[] = [
  {
    name: 'find',
    description: 'Finds documents of a collection.',
    input: objectSchema(
      {
        collection,
        filter,
        projection: { type: 'object', description: 'Which fields, such as { "name": 1, "_id": 0 }' },
        sort: { type: 'object', description: 'By which fields, such as { "placed": -1 }' },
        skip: { type: 'integer', minimum: 0, maximum: 1_000_000, default: 0, description: 'How many to pass over' },
        limit,
      },
      ['filter', 'projection', 'sort'],
    ),
    effect: 'read',
    valueOf: partOf('documents'),
  },
  {
    name: 'aggregate',
    description: 'Groups, joins and computes over documents by an aggregation pipeline. Only stages that read are allowed, and no JavaScript.',
    input: objectSchema({
      collection,
      pipeline: {
        type: 'array',
        items: { type: 'object' },
        maxItems: 50,
        description: 'Such as [{ "$group": { "_id": "$city", "sold": { "$sum": "$total" } } }]',
      },
      limit,
    }),
    effect: 'read',
    valueOf: partOf('documents'),
  },
  {
    name: 'count',
    description: 'Counts documents of a collection.',
    input: objectSchema({ collection, filter }, ['filter']),
    effect: 'read',
    valueOf: partOf('count'),
  },
  {
    name: 'distinct',
    description: 'Gives the different values of a field.',
    input: objectSchema({ collection, field: { type: 'string', minLength: 1, description: 'Such as address.city' }, filter }, ['filter']),
    effect: 'read',
    valueOf: partOf('values'),
  },
  {
    name: 'insert',
    description: 'Adds documents to a collection.',
    input: objectSchema({ collection, documents }),
    effect: 'write',
    valueOf: whole,
  },
  {
    name: 'update',
    description: 'Changes fields of documents that fit a filter, which must not be empty.',
    input: objectSchema({ collection, filter, update: { type: 'object', description: 'Such as { "$set": { "state": "sent" } }' }, many }),
    effect: 'write',
    valueOf: whole,
  },
  {
    name: 'remove',
    description: 'Removes documents that fit a filter, which must not be empty.',
    input: objectSchema({ collection, filter, many }),
    effect: 'write',
    valueOf: whole,
  },
];
