/** What a store of objects can be asked: the same list as tools and as steps. */
import type { Json, JsonObject, Schema } from '@switchyard/shared';
import { objectSchema } from '../../schema.ts';

export const actionNames = ['list', 'read', 'link', 'write', 'remove'] as const;

export interface Action {
  name: (typeof actionNames)[number];
  /** Told to the model. */
  description: string;
  input: Schema;
  effect: 'read' | 'write';
  argumentsOf(key: string, text: string): JsonObject;
  /** What a step gives of the result. */
  valueOf(result: Json): Json;
}

const key: Schema = { type: 'string', minLength: 1, description: 'As list gives it, such as reports/2026-05.csv' };
const keyOnly = (name: string) => ({ key: name });
const contents = ['text', 'json', 'rows', 'base64'];

export const actions: readonly Action[] = [
  {
    name: 'list',
    description: 'Lists objects with their size and date, in the order of their keys.',
    input: objectSchema(
      {
        prefix: { type: 'string', default: '', description: 'Only keys that begin so' },
        after: { type: 'string', description: 'Go on after this key' },
        count: { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'How many at most' },
      },
      ['after'],
    ),
    effect: 'read',
    argumentsOf: (prefix) => ({ prefix }),
    valueOf: (result) => (result as JsonObject).objects ?? null,
  },
  {
    name: 'read',
    description: 'Reads one object: text, JSON, the rows of a CSV, the text of a PDF, else its bytes as base64.',
    input: objectSchema(
      {
        key,
        as: { enum: ['text', 'json', 'rows', 'pdf', 'base64'], description: 'Left out: as its name or content says' },
        offset: { type: 'integer', minimum: 0, description: 'Of a long text: the first character' },
        characters: { type: 'integer', minimum: 1, maximum: 1_000_000, description: 'Of a long text: how many at most' },
      },
      ['as', 'offset', 'characters'],
    ),
    effect: 'read',
    argumentsOf: keyOnly,
    valueOf(result) {
      const found = contents.find((name) => Object.hasOwn(result as JsonObject, name));
      return found === undefined ? null : ((result as JsonObject)[found] ?? null);
    },
  },
  {
    name: 'link',
    description: 'Gives an address from which anybody who has it can get the object for a time.',
    input: objectSchema({ key, seconds: { type: 'integer', minimum: 1, maximum: 604_800, default: 3600, description: 'How long it works' } }),
    effect: 'read',
    argumentsOf: keyOnly,
    valueOf: (result) => (result as JsonObject).url ?? null,
  },
  {
    name: 'write',
    description: 'Writes an object, whatever was at its key before. Give either text or base64.',
    input: objectSchema(
      { key, text: { type: 'string' }, base64: { type: 'string' }, mediaType: { type: 'string', description: 'Such as text/csv; text/plain where left out' } },
      ['text', 'base64', 'mediaType'],
    ),
    effect: 'write',
    argumentsOf: (name, text) => ({ key: name, text }),
    valueOf: (result) => result,
  },
  {
    name: 'remove',
    description: 'Removes an object.',
    input: objectSchema({ key }),
    effect: 'write',
    argumentsOf: keyOnly,
    valueOf: (result) => result,
  },
];
