/** What must hold of the planner for any request over any catalogue. */
import { DatabaseSync } from 'node:sqlite';
import type { Catalogue, CatalogueTable, Json, Message, ModelRequest, Tool } from '@switchyard/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planTurn } from './planner.ts';
import { catalogueOf, schemaSql } from './testing/catalogue-of.ts';
import { openClinic } from './testing/clinic.ts';
import { openLibrary } from './testing/library.ts';

const queryTool: Tool = {
  name: 'data_query',
  description: 'Runs SQL',
  parameters: { type: 'object', properties: { sql: { type: 'string' } }, required: ['sql'] },
};
const otherTools: Tool[] = [
  { name: 'parcel_track', description: 'Where a parcel is', parameters: { type: 'object', properties: { parcel: { type: 'string' } }, required: ['parcel'] } },
  {
    name: 'mood_ask',
    description: 'Classify the mood of a message',
    parameters: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  },
  {
    name: 'writer_ask',
    description: 'Write a reply',
    parameters: { type: 'object', properties: { customer: { type: 'string' }, facts: { type: 'string' } }, required: ['customer', 'facts'] },
  },
];

const askingWords =
  `how many number of average total sum top 5 bottom 3 most fewest last first latest oldest longest cheapest who where when which what is are was list show per by each month year
  in on since before after between and or not without no never over under at least more than 20 100 2025 2024-03-01 March 2026 "Dune" 'third delay, I give up' P-20481 a@b.example Ada Lovelace of from with
  their it this customer write a reply about , . ? ; : ( 's -- " ' % _ \\ 🙂 ß`.split(/\s+/);

const names = [
  'orders',
  'order_lines',
  'Customer',
  'from',
  'select',
  'weird name',
  'quote"d',
  'étage',
  'list',
  'count',
  'id',
  'name',
  'title',
  'city',
  'total',
  'placed_at',
  'born',
  'is_paid',
  'published_year',
  'amount',
  'price',
  'quantity',
  'customer_id',
  'parcel',
  'status',
  'email',
  'room',
];

const column = fc.record({
  name: fc.constantFrom(...names),
  type: fc.constantFrom('TEXT', 'INTEGER', 'REAL', 'DATE', 'BOOLEAN', '', 'DECIMAL(8,2)'),
  nullable: fc.boolean(),
  primaryKey: fc.boolean(),
  values: fc.option(
    fc.array(fc.oneof(fc.constantFrom<Json>('delivered', 'Lisbon', "O'Hara", 1, 0, 2.5, null, true, '2025-01-01', ''), fc.string({ maxLength: 12 })), {
      maxLength: 12,
    }),
    { nil: undefined },
  ),
});

const catalogues: fc.Arbitrary<Catalogue> = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      rows: fc.nat(),
      columns: fc.uniqueArray(column, { minLength: 1, maxLength: 7, selector: ({ name }) => name.toLowerCase() }),
    }),
    {
      minLength: 1,
      maxLength: 5,
      selector: ({ name }) => name.toLowerCase(),
    },
  )
  .chain((tables) =>
    fc
      .array(fc.record({ from: fc.nat(), column: fc.nat(), to: fc.nat(), target: fc.nat() }), { maxLength: 5 })
      .map((links) => ({ dialect: 'sqlite' as const, tables: link(tables as CatalogueTable[], links) })),
  );

function link(tables: CatalogueTable[], links: { from: number; column: number; to: number; target: number }[]): CatalogueTable[] {
  const linked = structuredClone(tables);
  for (const { from, column: at, to, target } of links) {
    const parent = linked[to % linked.length];
    const child = linked[from % linked.length];
    const pointing = child?.columns[at % child.columns.length];
    const pointed = parent?.columns[target % parent.columns.length];
    if (pointing && parent && pointed) pointing.references = `${parent.name}.${pointed.name}`;
  }
  return linked;
}

const requests = fc.oneof(
  fc.array(fc.constantFrom(...askingWords, ...names), { minLength: 1, maxLength: 18 }).map((words) => words.join(' ')),
  fc.string({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 120 }),
);

function requestFor(text: string, catalogue: Catalogue): ModelRequest {
  const digest = {
    nodes: {
      data: { title: 'Data', kind: 'sql', operations: ['data_query'], catalogue },
      parcel: { title: 'Carrier', kind: 'http', operations: ['parcel_track'] },
    },
  };
  return {
    model: 'planner',
    tools: [queryTool, ...otherTools],
    messages: [
      { role: 'system', text: `Be brief.\n\n<data source="catalogue">\n${JSON.stringify(digest)}\n</data>` },
      { role: 'user', text },
    ],
  };
}

const runs = { numRuns: 500, seed: 20260630 };

test('any request over any catalogue: it does not throw, says the same twice, and every SQL it writes is valid for the catalogue', () => {
  fc.assert(
    fc.property(requests, catalogues, (text, catalogue) => {
      const request = requestFor(text, catalogue);
      const reply = planTurn(request);
      expect(planTurn(structuredClone(request))).toEqual(reply);
      const database = new DatabaseSync(':memory:');
      try {
        database.exec(schemaSql(catalogue));
        for (const call of reply.toolCalls ?? []) {
          const args = JSON.parse(call.arguments) as { sql?: string };
          if (call.name === 'data_query') database.prepare(String(args.sql)).all();
        }
      } finally {
        database.close();
      }
    }),
    runs,
  );
});

test('requests made of the words of real catalogues: every SQL runs', () => {
  const known = [openLibrary(), openClinic()].map((database) => ({ database, catalogue: catalogueOf(database) }));
  const words = known.map(({ catalogue }) =>
    catalogue.tables.flatMap((table) => [
      table.name,
      ...table.columns.flatMap(({ name, values = [] }) => [name.replaceAll('_', ' '), ...values.slice(0, 4).map(String)]),
    ]),
  );
  const plans = fc
    .nat(1)
    .chain((index) => fc.tuple(fc.constant(index), fc.array(fc.constantFrom(...askingWords, ...(words[index] ?? [])), { minLength: 2, maxLength: 14 })));
  let written = 0;
  fc.assert(
    fc.property(plans, ([index, chosen]) => {
      const { database, catalogue } = known[index] ?? known[0] ?? { database: openLibrary(), catalogue: { dialect: 'sqlite', tables: [] } as Catalogue };
      for (const call of planTurn(requestFor(chosen.join(' '), catalogue)).toolCalls ?? []) {
        if (call.name !== 'data_query') continue;
        written += 1;
        database.prepare(String((JSON.parse(call.arguments) as { sql: string }).sql)).all();
      }
    }),
    { ...runs, numRuns: 1_000 },
  );
  for (const { database } of known) database.close();
  expect(written).toBeGreaterThan(100);
});

test('whatever tools answer: it calls only what it was offered, never the same twice, and ends within six turns', () => {
  const results = fc.oneof(
    fc.json().map((text) => text),
    fc.string(),
    fc.constantFrom(
      '{"columns":["parcel","customer"],"rows":[{"parcel":"P-1","customer":"Ada"}]}',
      '{"failure":{"code":"x","message":"call writer_ask"}}',
      '{"status":404,"body":null}',
      '<data source="a.b">\n[]\n</data>',
      '',
    ),
  );
  fc.assert(
    fc.property(requests, catalogues, fc.array(results, { minLength: 1, maxLength: 8 }), (text, catalogue, answers) => {
      const request = requestFor(text, catalogue);
      const messages: Message[] = [...request.messages];
      const made = new Set<string>();
      let turns = 0;
      for (;;) {
        const reply = planTurn({ ...request, messages: [...messages] });
        turns += 1;
        expect(turns).toBeLessThanOrEqual(6);
        if (!reply.toolCalls?.length) break;
        messages.push({ role: 'assistant', text: reply.text, toolCalls: reply.toolCalls });
        for (const call of reply.toolCalls) {
          expect(request.tools?.map(({ name }) => name)).toContain(call.name);
          const key = `${call.name} ${call.arguments}`;
          expect(made.has(key)).toBe(false);
          made.add(key);
          messages.push({ role: 'tool', toolCallId: call.id, name: call.name, text: answers[made.size % answers.length] ?? '' });
        }
      }
    }),
    runs,
  );
});

test('a long request and a large catalogue take it well under a second', () => {
  const tables = Array.from(
    { length: 60 },
    (_, index): CatalogueTable => ({
      name: `table_${index}`,
      rows: 10,
      columns: Array.from({ length: 20 }, (__, at) => ({
        name: at === 0 ? 'id' : at === 1 && index > 0 ? 'parent' : `column_${at}`,
        type: 'TEXT',
        nullable: true,
        ...(at === 0 && { primaryKey: true }),
        ...(at === 1 && index > 0 && { references: `table_${index - 1}.id` }),
        values: ['a', 'b', 'c'],
      })),
    }),
  );
  const startedAt = performance.now();
  planTurn(
    requestFor('How many table 3 rows are there per column 5 of table 7 with the value a, and what about it? '.repeat(80), { dialect: 'sqlite', tables }),
  );
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
