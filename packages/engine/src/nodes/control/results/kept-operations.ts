/** What a model may do with results that are kept for it: ask for rows, for figures, or for a piece of the text. Pure, and bounded in what it gives. */
import { FailureError, failure, type Json, type JsonObject, type Schema } from '@switchyard/shared';
import type { Step } from '../../../node.ts';
import { objectSchema } from '../../../schema.ts';
import type { BoundTool } from '../operations/bound-tools.ts';
import { parsePath, valueAt } from './json-path.ts';
import { figuresOf, pickColumns, selectRows, type Condition, type Figure, type Sorting } from './rows.ts';
import { mainList } from './sketch.ts';

const mostRows = 100;
/** Characters that one of these operations gives at most. */
const mostCharacters = 8_000;

const where: Schema = {
  type: 'array',
  maxItems: 20,
  description: 'Conditions that all must hold',
  items: objectSchema({ column: { type: 'string' }, is: { enum: ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'contains'] }, value: {} }),
};
const sort = objectSchema({ by: { type: 'string' }, descending: { type: 'boolean' } }, ['descending']);
const result: Schema = { anyOf: [{ type: 'string' }, { type: 'array' }, { type: 'object' }], description: 'The id of a kept result, such as "r1"' };
const path: Schema = { type: 'string', description: 'Where the list stands in the result, such as "rows"; its longest list where left out' };
const limit: Schema = { type: 'integer', minimum: 1, maximum: mostRows, description: 'Rows at most; 20 where left out' };

/** Gives what is kept under an id. */
export type Lookup = (id: string) => Json | undefined;

/** What works on a kept result: `work` gives what the model is shown. */
interface KeptOperation {
  name: string;
  description: string;
  input: Schema;
  work(lookup: Lookup, args: JsonObject): Json;
}

const operations: readonly KeptOperation[] = [
  {
    name: 'kept-rows',
    description: 'Rows of a kept result: filtered, sorted, with the columns and the slice that you ask for.',
    input: objectSchema({ result, path, where, sort, columns: { type: 'array', items: { type: 'string' } }, offset: { type: 'integer', minimum: 0 }, limit }, [
      'path',
      'where',
      'sort',
      'columns',
      'offset',
      'limit',
    ]),
    work: (lookup, args) => rowsOf(listOf(lookup, args), args),
  },
  {
    name: 'kept-figures',
    description: 'Figures over the rows of a kept result: count, sum, avg, min or max of a column, over all rows or for each group.',
    input: objectSchema(
      {
        result,
        path,
        where,
        groupBy: { type: 'array', maxItems: 5, items: { type: 'string' } },
        figures: {
          type: 'array',
          minItems: 1,
          maxItems: 10,
          items: objectSchema({ figure: { enum: ['count', 'sum', 'avg', 'min', 'max'] }, of: { type: 'string', description: 'The column' } }, ['of']),
        },
        sort: { ...sort, description: 'By a column of the figures, such as "sum_total"' },
        limit,
      },
      ['path', 'where', 'groupBy', 'sort', 'limit'],
    ),
    work: (lookup, args) => {
      const rows = selectRows(listOf(lookup, args), args as { where?: Condition[] });
      const figures = figuresOf(rows, (args.groupBy ?? []) as string[], args.figures as unknown as Figure[]);
      return rowsOf(figures, { ...only(args, 'sort'), ...only(args, 'limit') });
    },
  },
  {
    name: 'kept-text',
    description: 'A piece of the text of a kept result, or of a part of it: for texts, and for what is no list.',
    input: objectSchema({ result, path, offset: { type: 'integer', minimum: 0 }, characters: { type: 'integer', minimum: 1, maximum: mostCharacters } }, [
      'path',
      'offset',
      'characters',
    ]),
    work: (lookup, args) => pieceOf(partOf(lookup, args), args),
  },
];

/** The operations, as tools that need no grant. */
export function keptTools(lookup: Lookup): BoundTool[] {
  return operations.map(({ name, description, input, work }) => ({
    name,
    operation: { name, description, input, effect: 'read', call: (args) => at(() => work(lookup, args)) },
  }));
}

/** Pure work as a step. */
function* at(work: () => Json): Step<Json> {
  return work();
}

function only(args: JsonObject, name: string): JsonObject {
  const value = args[name];
  return value === undefined ? {} : { [name]: value };
}

function partOf(lookup: Lookup, args: JsonObject): Json {
  const whole = typeof args.result === 'string' ? lookup(args.result) : args.result;
  if (whole === undefined)
    throw new FailureError(failure('result-unknown', `No result is kept as ${JSON.stringify(args.result)}. Take the id that stands in a result as "kept".`));
  const at = args.path as string | undefined;
  if (at === undefined) return whole;
  const part = parsePath(at) && valueAt(whole, at);
  if (part === undefined) throw new FailureError(failure('path-unknown', `Nothing stands at "${at}" in that result. Its schema says what there is.`));
  return part;
}

function listOf(lookup: Lookup, args: JsonObject): Json[] {
  const part = partOf(lookup, args);
  const list = args.path === undefined ? mainList(part)?.list : part;
  if (!Array.isArray(list)) throw new FailureError(failure('path-unknown', 'No list stands there. Say in "path" where the list stands, or use kept-text.'));
  return list;
}

function rowsOf(list: readonly Json[], args: JsonObject): Json {
  const { offset = 0, limit: most = 20, columns } = args as { offset?: number; limit?: number; columns?: string[] };
  const found = selectRows(list, {
    ...(args.where !== undefined && { where: args.where as unknown as Condition[] }),
    ...(args.sort && { sort: args.sort as unknown as Sorting }),
  });
  const wanted = found.slice(offset, offset + most).map((row) => (columns ? pickColumns(row, columns) : row));
  let used = 0;
  const rows = wanted.filter((row) => {
    used += JSON.stringify(row).length + 1;
    return used <= mostCharacters;
  });
  const isCut = rows.length < wanted.length;
  return {
    count: found.length,
    offset,
    rows,
    ...(isCut && { cut: `Only ${rows.length} rows fit. Ask for fewer columns, or from offset ${offset + rows.length}.` }),
  };
}

function pieceOf(part: Json, { offset = 0, characters = 4_000 }: { offset?: number; characters?: number }): Json {
  const text = typeof part === 'string' ? part : JSON.stringify(part);
  return { characters: text.length, offset, text: text.slice(offset, offset + characters) };
}
