/** The kind `sql`: a database, as a step with one query and as tools of a control node. */
import {
  connectionTypesThat,
  FailureError,
  failure,
  isPortName,
  sqlParameters,
  type Catalogue,
  type Json,
  type JsonObject,
  type QueryResult,
  type Schema,
} from '@switchyard/shared';
import { z } from 'zod';
import { defineNode, field, type Context, type Operation, type Problem, type Step } from '../../node.ts';
import { objectSchema } from '../../schema.ts';
import { bindQuery, queryProblem, queryVariables } from './bind-query.ts';

const operationSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'has letters, digits and _ only')
    .meta({ title: 'Name' }),
  description: z.string().default('').meta({ title: 'Description', description: 'What it answers, told to the model.' }),
  sql: field
    .source('sql')
    .meta({ widget: 'source', language: 'sql', title: 'SQL', description: 'One statement. Each :name is a parameter, bound and never written into the text.' }),
  params: field.fields().default({}).meta({ widget: 'fields', title: 'Parameters', description: 'Schemas of the :name parameters; text where none is given.' }),
  idempotent: z
    .boolean()
    .optional()
    .meta({ title: 'Idempotent', description: 'Made twice, it changes no more than made once: it may be repeated where its outcome is unknown. For writes.' }),
});
type NamedOperation = z.output<typeof operationSchema>;

const databases = connectionTypesThat('query');

const config = z.strictObject({
  connection: field.connection(databases).meta({ widget: 'connection', connectionTypes: databases, title: 'Connection', description: 'The database.' }),
  access: z.enum(['read', 'write']).default('read').meta({
    title: 'Access',
    description: 'Read: nothing in the database can be changed. Write: one INSERT, UPDATE or DELETE at a time, as the approval policy of the grant allows.',
  }),
  tables: z
    .array(z.string().min(1))
    .default([])
    .meta({ title: 'Tables', description: 'Only these can be used, and only these are told; such as orders or sales.orders. Empty: all of the database.' }),
  query: field.template().optional().meta({
    widget: 'template',
    title: 'Query',
    description: 'Used as a step. Values in {{ }} holes and :name parameters are inputs; they are bound, never written into the SQL.',
  }),
  operations: z.array(operationSchema).default([]).meta({ title: 'Operations', description: 'Named queries that a control node may call besides free SQL.' }),
});
type Config = z.output<typeof config>;

/** Tables and columns told in the description of free SQL; the whole catalogue stands in the model's digest. */
const mostDescribed = 1_500;

/** What a query gives as an operation. */
const found: Schema = {
  type: 'object',
  properties: { columns: { type: 'array', items: { type: 'string' } }, rows: { type: 'array', items: { type: 'object' } }, truncated: { const: true } },
  required: ['columns', 'rows'],
};

const noQuery: Problem = {
  field: 'query',
  message: 'The node runs as a step, but has no query. Write one in its settings, or grant the node to a control node instead.',
};

export const sqlKind = defineNode({
  kind: 'sql',
  layer: 'data',
  title: 'SQL',
  tagline: 'Asks a database',
  icon: 'database',
  doc: `Reads a database. Granted to a control node, it offers \`query\`, with SQL that the model writes, and the **operations** named here, whose parameters alone the model fills. Linked as a step, it runs its **query** and gives \`rows\`, a list of objects, with \`truncated\`, whether there were more; one that may write also how many rows it changed, as \`affected\`.

Values are bound, never written into the SQL: in \`WHERE id = {{ order.id }}\` the hole becomes a parameter, so take no quotes around it. \`:name\` parameters are inputs too.

The database is read-only unless **access** says otherwise: one SELECT at a time, at most 1,000 rows and 1 MB. Whole numbers over 2^53 arrive as text, bytes as \`{ "base64": … }\`. As a tool the result is \`{ columns, rows, truncated? }\`. Let the query count, add up and choose, rather than fetch what is more.

With **tables**, no other table can be read, joined or changed, and none is told. Functions that the database's owner made cannot be called then, since they may read any table.`,
  config,
  initial: { access: 'read' },
  summary: ({ connection, access }) => `${connection} · ${access === 'read' ? 'read only' : 'read and write'}`,
  ports: ({ query, access }) => ({
    inputs: Object.fromEntries(queryVariables(query ?? '').map((name) => [name, {}])),
    outputs: {
      rows: { type: 'array', items: { type: 'object' } },
      truncated: { type: 'boolean' },
      ...(access === 'write' && { affected: { type: ['integer', 'null'], description: 'How many rows were changed; null of a query that reads' } }),
    },
  }),
  problems: (settings) => findProblems(settings),
  catalogue: ({ connection, tables }, context) => context.catalogue(connection, '', tables.length === 0 ? {} : { tables }),
  operations: (settings, { catalogue, title }) => [
    freeQuery(settings, { catalogue: catalogue as Catalogue | undefined, title }),
    ...settings.operations.map((operation) => namedQuery(settings, operation)),
  ],
  stepProblem: ({ query }) => (query?.trim() ? undefined : noQuery),
  *run({ config: settings, inputs }, context) {
    if (!settings.query?.trim()) throw new FailureError(failure('query-missing', noQuery.message));
    const { sql, parameters } = bindQuery(settings.query, inputs);
    const { rows, truncated = false, affected = null } = yield* ask(settings, context, { sql, parameters });
    return { rows, truncated, ...(settings.access === 'write' && { affected }) };
  },
  examples: [
    {
      title: 'Open orders of one customer',
      config: { connection: 'shop', query: 'SELECT id, total FROM orders WHERE customer = {{ customer.id }} AND status = :status' },
      inputs: { customer: { id: 7 }, status: 'open' },
      answers: { example: { columns: ['id', 'total'], rows: [{ id: 1042, total: 250 }] } },
      outputs: { rows: [{ id: 1042, total: 250 }], truncated: false },
    },
    {
      title: 'A figure',
      config: { connection: 'shop', query: 'SELECT count(*) AS orders FROM orders' },
      inputs: {},
      answers: { example: { columns: ['orders'], rows: [{ orders: 312 }] } },
      outputs: { rows: [{ orders: 312 }], truncated: false },
    },
  ],
});

function freeQuery(settings: Config, known: { catalogue: Catalogue | undefined; title: string }): Operation {
  return {
    name: 'query',
    description: `Runs one SQL ${settings.access === 'read' ? 'SELECT' : 'SELECT, INSERT, UPDATE or DELETE'} on the database "${known.title}".${describeTables(known.catalogue)}`,
    input: objectSchema({
      sql: {
        type: 'string',
        description: `One ${settings.access === 'read' ? 'SELECT statement' : 'statement'}${known.catalogue ? ` in the dialect of ${known.catalogue.dialect}` : ''}, with its values written in`,
      },
    }),
    output: found,
    effect: settings.access,
    call: (args, context) => askAsJson(settings, context, { sql: String(args.sql), parameters: {} }),
  };
}

function namedQuery(settings: Config, operation: NamedOperation): Operation {
  const { names } = sqlParameters(operation.sql);
  const schemas = Object.fromEntries(names.map((name) => [name, operation.params[name] ?? { type: 'string' }]));
  return {
    name: operation.name,
    description: operation.description || `Runs the query "${operation.name}"`,
    input: objectSchema(schemas),
    output: found,
    effect: accessOf(settings, operation.sql),
    ...(operation.idempotent && { idempotent: true }),
    call(args, context) {
      const parameters = Object.fromEntries(names.map((name) => [name, args[name] ?? schemas[name]?.default ?? null]));
      return askAsJson(settings, context, { sql: operation.sql, parameters, isIdempotent: operation.idempotent });
    },
  };
}

/** A node that may write still reads as a reader. */
function accessOf({ access }: Config, sql: string): 'read' | 'write' {
  const isReading =
    access === 'read' || /^[\s(]*(select|values)\b/i.test(sql) || (/^[\s(]*with\b/i.test(sql) && !/\b(insert|update|delete|merge|replace)\b/i.test(sql));
  return isReading ? 'read' : 'write';
}

interface Query {
  sql: string;
  parameters: JsonObject;
  isIdempotent?: boolean | undefined;
}

function* askAsJson(settings: Config, context: Context, query: Query): Step<Json> {
  return (yield* ask(settings, context, query)) as unknown as Json;
}

function ask(settings: Config, context: Context, { isIdempotent = false, ...query }: Query): Step<QueryResult> {
  const { connection, tables } = settings;
  // A model cannot set it, since no operation takes it.
  const within = tables.length === 0 ? {} : { tables };
  return context.query({ connection, ...query, ...within, access: accessOf(settings, query.sql) }, { isIdempotent });
}

function describeTables(catalogue: Catalogue | undefined): string {
  if (!catalogue) return '';
  let text = ' Tables:';
  for (const [index, { name, columns }] of catalogue.tables.entries()) {
    const table = `${index === 0 ? '' : ';'} ${name}(${columns.map((column) => column.name).join(', ')})`;
    if (text.length + table.length > mostDescribed) return `${text}; and ${catalogue.tables.length - index} more`;
    text += table;
  }
  return `${text}.`;
}

function findProblems({ query, operations }: Config): { field: string; message: string }[] {
  const problems: { field: string; message: string }[] = [];
  const add = (name: string, message: string | undefined) => {
    if (message !== undefined) problems.push({ field: name, message });
  };
  if (query !== undefined) {
    add('query', queryProblem(query));
    for (const name of sqlParameters(query).names)
      if (!isPortName(name)) add('query', `The parameter ":${name}" cannot be an input: the word is reserved. Name it otherwise.`);
  }
  const seen = new Set(['query']);
  for (const { name, sql, params } of operations) {
    add(
      'operations',
      seen.has(name) ? `Two operations are named "${name}"${name === 'query' ? ': free SQL has this name already' : ''}. Rename one.` : undefined,
    );
    seen.add(name);
    const { names, others } = sqlParameters(sql);
    if (sql.trim() === '') add('operations', `The operation "${name}" has no SQL.`);
    if (others.length > 0) add('operations', `The operation "${name}" has the parameter ${others[0]}. Write parameters as :name.`);
    for (const extra of Object.keys(params))
      if (!names.includes(extra)) add('operations', `The operation "${name}" describes the parameter "${extra}", but its SQL has no :${extra}.`);
  }
  return problems;
}
