/** Documents as JSON and back: what JSON has no type for stands as in MongoDB's Extended JSON, `{ "$oid": … }` or `{ "$date": … }`. */
import { FailureError, failure, isJsonObject, type Json, type JsonObject } from '@switchyard/shared';
import { BSON } from 'mongodb';

/** Of one answer, as JSON. */
const mostBytes = 1_000_000;

/** Types of values that may be written; code is none of them. */
const written = new Set(
  '$oid $date $numberInt $numberLong $numberDouble $numberDecimal $binary $uuid $timestamp $minKey $maxKey $regularExpression'.split(' '),
);

/** A document for the driver. Throws `request-invalid` where an extended value is not one. */
export function toBson(value: JsonObject): BSON.Document {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toValue(inner)]));
}

/** The driver's own reader would take `{ "$regex": …, "$ne": … }` for a pattern and forget the rest: only what is a type and nothing else is read as one. */
function toValue(value: Json): unknown {
  if (Array.isArray(value)) return value.map(toValue);
  if (!isJsonObject(value)) return value;
  const [key, ...more] = Object.keys(value);
  return key !== undefined && more.length === 0 && written.has(key) ? readTyped(value) : toBson(value);
}

function readTyped(value: JsonObject): unknown {
  try {
    const { value: read } = BSON.EJSON.deserialize({ value }, { relaxed: true }) as { value: unknown };
    // It would be sent as the year 1970.
    if (read instanceof Date && Number.isNaN(read.getTime())) throw new Error('that is no moment');
    return read;
  } catch (error) {
    const message = (error as Error).message.slice(0, 200);
    throw new FailureError(
      failure(
        'request-invalid',
        `A value is not what its type says (${message}). Ids are written { "$oid": "24 hex digits" }, moments { "$date": "2026-05-01T00:00:00Z" }.`,
      ),
    );
  }
}

export function toJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return plain(value);
  // Numbers too large for a double keep all of their digits.
  if (BSON.Long.isLong(value)) return { $numberLong: value.toString() };
  if ('_bsontype' in value || value instanceof Date || value instanceof RegExp || value instanceof Uint8Array)
    return BSON.EJSON.serialize({ value }, { relaxed: true }).value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toJson(inner)]));
}

function plain(value: unknown): Json {
  return typeof value === 'number' && !Number.isFinite(value) ? { $numberDouble: String(value) } : ((value ?? null) as Json);
}

/** Takes what an answer may hold: `add` gives false where it is full. */
export class Answer {
  readonly values: Json[] = [];
  readonly #most: number;
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Throws `document-too-large` where not even the first has room. */
  add(value: unknown): boolean {
    const json = toJson(value);
    this.#bytes += Buffer.byteLength(JSON.stringify(json));
    if (this.#bytes > mostBytes && this.values.length === 0)
      throw new FailureError(
        failure('document-too-large', `One document is larger than an answer may be, ${mostBytes / 1_000_000} MB. Ask for some of its fields only.`),
      );
    if (this.#bytes > mostBytes || this.values.length >= this.#most) return false;
    this.values.push(json);
    return true;
  }
}
