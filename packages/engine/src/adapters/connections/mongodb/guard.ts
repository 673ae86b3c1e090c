/**
 * What may be asked of a database of documents: looked at before anything is sent.
 *
 * 1. A pipeline is made of stages that only read, by a list of those that are known; so are the pipelines within its stages.
 * 2. Nothing that carries JavaScript is sent, wherever it stands.
 * 3. Only collections that were granted are named, also by stages that join.
 */
import { FailureError, failure, isJsonObject, type Json, type JsonObject } from '@switchyard/shared';

/** What the caller may use; without it all of the database's own. */
export type Within = readonly string[] | undefined;

const mostDepth = 40;

/** What a stage holds besides expressions. */
type Parts = (value: Json) => { pipelines?: Json[]; collections?: Json[] };

const nothing: Parts = () => ({});

const stages = new Map<string, Parts>([
  ...[
    '$match $project $addFields $set $unset $group $sort $limit $skip $unwind $count $sortByCount $bucket $bucketAuto',
    '$replaceRoot $replaceWith $sample $setWindowFields $densify $fill $redact $geoNear',
  ]
    .join(' ')
    .split(' ')
    .map((name) => [name, nothing] as const),
  ['$facet', (value) => ({ pipelines: isJsonObject(value) ? Object.values(value) : [null] })],
  ['$lookup', (value) => joined(value, 'from')],
  ['$graphLookup', (value) => joined(value, 'from')],
  ['$unionWith', (value) => (typeof value === 'string' ? { collections: [value] } : joined(value, 'coll'))],
]);

/** JavaScript, writes, and what the driver would take for values of types of its own. */
const refused = new Set(['$where', '$function', '$accumulator', '$code', '$scope', '$dbPointer', '$symbol', '$out', '$merge', '_bsontype', '__proto__']);

const changes = new Set('$set $unset $inc $mul $min $max $rename $setOnInsert $currentDate $push $pull $pullAll $pop $addToSet $bit'.split(' '));

/** Throws `document-refused` or `collection-not-granted`. */
export function checkPipeline(pipeline: Json, within: Within): void {
  if (!Array.isArray(pipeline)) throw refusal('A pipeline is a list of stages, and so is each of those within $facet, $lookup and $unionWith');
  for (const stage of pipeline) {
    const [name, ...more] = isJsonObject(stage) ? Object.keys(stage) : [];
    if (name === undefined || more.length > 0) throw refusal('A stage of a pipeline is an object with one name, such as { "$match": { … } }');
    const partsOf = stages.get(name);
    if (!partsOf)
      throw refusal(`A pipeline may not have the stage ${quoted(name)}: only stages that read are allowed, which are ${[...stages.keys()].join(', ')}`);
    const { pipelines = [], collections = [] } = partsOf((stage as JsonObject)[name] ?? null);
    for (const collection of collections) checkCollection(collection, within);
    for (const inner of pipelines) checkPipeline(inner, within);
  }
}

/** Throws `document-refused` where something in it is refused at any depth. */
export function checkValue(value: Json, depth = 0): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > mostDepth) throw refusal(`It is nested more than ${mostDepth} levels deep`);
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value) && refused.has(key)) throw refusal(`${quoted(key)} is not allowed: neither JavaScript nor writes can be sent in a query`);
    checkValue(inner, depth + 1);
  }
}

/** Throws where the collection is not among those granted, or is one of the server's own. */
export function checkCollection(name: Json, within: Within): asserts name is string {
  if (typeof name !== 'string' || name === '' || name.includes('$') || name.includes('\0') || name.startsWith('system.'))
    throw refusal(`${quoted(name)} is no name of a collection that can be used`);
  if (within && !within.includes(name))
    throw new FailureError(failure('collection-not-granted', `The collection ${quoted(name)} cannot be used here. Those that can are ${within.join(', ')}.`));
}

/** An update names what it changes; one that replaces whole documents, or is a pipeline, is refused. */
export function checkUpdate(update: JsonObject): void {
  const names = Object.keys(update);
  const wrong = names.find((name) => !changes.has(name));
  if (names.length > 0 && wrong === undefined) return;
  throw refusal(
    wrong === undefined
      ? 'The update changes nothing. Write it such as { "$set": { "state": "sent" } }'
      : `An update is made of ${[...changes].join(', ')}, and ${quoted(wrong)} is none of these`,
  );
}

/** A change without a filter would be one of everything. */
export function checkFilter(filter: JsonObject): void {
  if (Object.keys(filter).length === 0) throw refusal('The filter is empty, so every document would be meant. Say which, such as { "_id": … }');
}

function joined(value: Json, name: string): ReturnType<Parts> {
  const stage = isJsonObject(value) ? value : {};
  return { collections: [stage[name] ?? null], pipelines: stage.pipeline === undefined ? [] : [stage.pipeline] };
}

function refusal(why: string): FailureError {
  return new FailureError(failure('document-refused', `The database was not asked. ${why}.`));
}

function quoted(value: Json): string {
  return JSON.stringify(value).slice(0, 100);
}
