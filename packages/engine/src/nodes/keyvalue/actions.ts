/** What a key-value store can be asked: the same list as tools and as steps. */
import type { Json, JsonObject, Schema } from '@switchyard/shared';
import { objectSchema } from '../../schema.ts';

export const actionNames = ['get', 'scan', 'fields', 'stream', 'set', 'set_fields', 'append', 'remove'] as const;

export interface Action {
  name: (typeof actionNames)[number];
  /** Told to the model. */
  description: string;
  input: Schema;
  effect: 'read' | 'write';
  /** Doing it twice does no more than once. */
  isIdempotent?: true;
  /** Whether a key, and a value where it writes one, are all it needs. */
  isStep: boolean;
  argumentsOf(key: string, value: string): JsonObject;
  /** What a step gives of the result. */
  valueOf(result: Json): Json;
}

const key = { type: 'string', description: 'Name of the key' };
const count = { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'How many entries at most' };
const fields = { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] }, description: 'Names with their values' };

const partOf = (name: string) => (result: Json) => (result as JsonObject)[name] ?? null;
const whole = (result: Json) => result;
const keyOnly = (name: string) => ({ key: name });

export const actions: readonly Action[] = [
  {
    name: 'get',
    description: 'Reads one key of any type: text, hash, list, set, sorted set or stream.',
    input: objectSchema({ key, count }, ['count']),
    effect: 'read',
    isStep: true,
    argumentsOf: keyOnly,
    valueOf: partOf('value'),
  },
  {
    name: 'scan',
    description: 'Lists the names of keys that match a pattern, in which * stands for any text and ? for one character.',
    input: objectSchema({ pattern: { type: 'string', description: 'Such as session:*' }, count }, ['count']),
    effect: 'read',
    isStep: true,
    argumentsOf: (pattern) => ({ pattern }),
    valueOf: partOf('keys'),
  },
  {
    name: 'fields',
    description: 'Reads some fields of a hash.',
    input: objectSchema({ key, fields: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 100 } }),
    effect: 'read',
    isStep: false,
    argumentsOf: keyOnly,
    valueOf: whole,
  },
  {
    name: 'stream',
    description: 'Reads entries of a stream from its beginning, or after an entry.',
    input: objectSchema({ key, after: { type: 'string', description: 'Id of the entry to go on after' }, count }, ['after', 'count']),
    effect: 'read',
    isStep: true,
    argumentsOf: keyOnly,
    valueOf: whole,
  },
  {
    name: 'set',
    description: 'Writes a text to a key, whatever it held before.',
    input: objectSchema({ key, value: { type: 'string' }, seconds: { type: 'integer', minimum: 1, description: 'It is forgotten after so many seconds' } }, [
      'seconds',
    ]),
    effect: 'write',
    isIdempotent: true,
    isStep: true,
    argumentsOf: (name, value) => ({ key: name, value }),
    valueOf: whole,
  },
  {
    name: 'set_fields',
    description: 'Writes fields of a hash; its other fields stay.',
    input: objectSchema({ key, fields }),
    effect: 'write',
    isIdempotent: true,
    isStep: false,
    argumentsOf: keyOnly,
    valueOf: whole,
  },
  {
    name: 'append',
    description: 'Adds an entry to a stream.',
    input: objectSchema({ key, fields }),
    effect: 'write',
    isStep: false,
    argumentsOf: keyOnly,
    valueOf: whole,
  },
  {
    name: 'remove',
    description: 'Removes a key.',
    input: objectSchema({ key }),
    effect: 'write',
    isIdempotent: true,
    isStep: true,
    argumentsOf: keyOnly,
    valueOf: whole,
  },
];
