/**
 * Ten questions to the order desk, and what a model that makes no mistake does with each by every strategy: calls turn by turn, one plan, one program.
 * It is told its answer by nobody: it reads it off what it was shown, so that a strategy that loses something on the way gives another answer.
 */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';
import type { CompletionRequest, Script, ScriptedToolCall } from './servers/scripted-model-server.ts';

type Calls = [tool: string, args: JsonObject][];

export interface StrategyQuestion {
  question: string;
  /** Calls by turn; each turn is made of what the turns before gave, in the order of their calls. */
  turns: ((given: Json[]) => Calls)[];
  steps: JsonObject[];
  code: string;
  /** The answer, read off all that was shown. */
  answer(shown: string): string;
}

export type ComparedStrategy = 'tools' | 'plan' | 'code';

const ines = 'Ines Fontaine';
const trackEach = `const parcels = (await Promise.all(rows.map(({ parcel }) => carrier.track({ parcel })))).map(({ body }) => body);`;

const from = (step: string, path: string): JsonObject => ({ $from: step, path });
const step = (id: string, operation: string, args: JsonObject, more: JsonObject = {}): JsonObject => ({ id, operation, arguments: args, ...more });
const rowsOf = (value: Json | undefined): JsonObject[] => (isJsonObject(value) && Array.isArray(value.rows) ? (value.rows as JsonObject[]) : []);
const track = (rows: readonly JsonObject[]): Calls => rows.map(({ parcel }) => ['carrier_track', { parcel: parcel as Json }]);
const found = (pattern: RegExp) => (shown: string) => pattern.exec(shown)?.[1] ?? 'not found';
const numbers = (shown: string, pattern: RegExp) => [...shown.matchAll(pattern)].map((match) => Number(match[1]));

/** Each parcel with where it is. */
const places = (shown: string) =>
  [...shown.matchAll(/"parcel":"([^"]+)"[^{}[\]]*?"location":"([^"]+)"/g)].map(([, parcel, place]) => `${parcel} ${place}`).join(', ');

/** One query, and the answer stands in its only row. */
function figure(question: string, sql: string): StrategyQuestion {
  return {
    question,
    turns: [() => [['orders_query', { sql }]]],
    steps: [step('figure', 'orders_query', { sql })],
    code: `return (await orders.query({ sql: ${JSON.stringify(sql)} })).rows;`,
    answer: found(/"figure":"?([^",}]+)/),
  };
}

const recentSql = (count: number) => `SELECT parcel FROM shipments WHERE shipped_at < '2026-06-15' ORDER BY shipped_at DESC, parcel LIMIT ${count}`;
const totalSql = "SELECT sum(total) AS whole FROM orders WHERE ordered_at LIKE '2025%'";
const bestSql =
  "SELECT p.name, sum(l.line_total) AS part FROM order_lines l JOIN products p ON p.id = l.product_id JOIN orders o ON o.id = l.order_id WHERE o.ordered_at LIKE '2025%' GROUP BY p.id ORDER BY part DESC LIMIT 1";
const threeSql = 'SELECT name FROM customers ORDER BY id LIMIT 3';
const countBySql = 'SELECT c.country, o.status, count(*) AS n FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY 1, 2 ORDER BY 1, 2';

export const strategyQuestions: readonly StrategyQuestion[] = [
  {
    question: `Where is the last order of ${ines}?`,
    turns: [() => [['orders_last_order', { customer: ines }]], ([last]) => track(rowsOf(last))],
    steps: [step('last', 'orders_last_order', { customer: ines }), step('parcel', 'carrier_track', { parcel: from('last', 'rows[0].parcel') })],
    code: `const { rows: [order] } = await orders.last_order({ customer: "${ines}" });\nconst { body } = await carrier.track({ parcel: order.parcel });\nreturn { order, parcel: body };`,
    answer: found(/"location":"([^"]+)"/),
  },
  {
    question: `Where is the last order of ${ines}, and how does this customer feel? The message was: 'third delay, I give up'`,
    turns: [
      () => [
        ['orders_last_order', { customer: ines }],
        ['mood_ask', { text: 'third delay, I give up' }],
      ],
      ([last]) => track(rowsOf(last)),
    ],
    steps: [
      step('last', 'orders_last_order', { customer: ines }),
      step('feeling', 'mood_ask', { text: 'third delay, I give up' }),
      step('parcel', 'carrier_track', { parcel: from('last', 'rows[0].parcel') }),
    ],
    code: `const [{ rows: [order] }, feeling] = await Promise.all([orders.last_order({ customer: "${ines}" }), mood.ask({ text: "third delay, I give up" })]);\nconst { body } = await carrier.track({ parcel: order.parcel });\nreturn { order, feeling, parcel: body };`,
    answer: (shown) => `${found(/"location":"([^"]+)"/)(shown)}, ${found(/"mood":"([^"]+)"/)(shown)}`,
  },
  figure('How many orders were placed in 2025?', "SELECT count(*) AS figure FROM orders WHERE ordered_at LIKE '2025%'"),
  figure(
    'Which city ordered most in 2026?',
    "SELECT c.city AS figure, sum(o.total) AS total FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.ordered_at LIKE '2026%' GROUP BY 1 ORDER BY 2 DESC LIMIT 1",
  ),
  {
    question: `Which products are in the last order of ${ines}?`,
    turns: [() => [['orders_last_order', { customer: ines }]], ([last]) => [['orders_order_lines', { order_id: rowsOf(last)[0]?.order_id ?? 0 }]]],
    steps: [step('last', 'orders_last_order', { customer: ines }), step('lines', 'orders_order_lines', { order_id: from('last', 'rows[0].order_id') })],
    code: `const { rows: [order] } = await orders.last_order({ customer: "${ines}" });\nconst { rows } = await orders.order_lines({ order_id: order.order_id });\nreturn { order: order.order_id, lines: rows };`,
    answer: (shown) => [...new Set([...shown.matchAll(/"product":"([^"]+)"/g)].map((match) => match[1]))].join(', '),
  },
  {
    question: 'Where are the five parcels that were shipped last before 15 June 2026?',
    turns: [() => [['orders_query', { sql: recentSql(5) }]], ([recent]) => track(rowsOf(recent))],
    steps: [
      step('recent', 'orders_query', { sql: recentSql(5) }),
      step('places', 'carrier_track', { parcel: { $each: 'parcel' } }, { each: from('recent', 'rows') }),
    ],
    code: `const { rows } = await orders.query({ sql: "${recentSql(5)}" });\n${trackEach}\nreturn parcels.map(({ parcel, status, location }) => ({ parcel, status, location }));`,
    answer: places,
  },
  {
    question: 'What share of the turnover of 2025 came from the best product?',
    turns: [
      () => [
        ['orders_query', { sql: totalSql }],
        ['orders_query', { sql: bestSql }],
      ],
    ],
    steps: [step('all', 'orders_query', { sql: totalSql }), step('best', 'orders_query', { sql: bestSql })],
    code: `const [all, best] = await Promise.all([orders.query({ sql: "${totalSql}" }), orders.query({ sql: "${bestSql}" })]);\nreturn { ...all.rows[0], ...best.rows[0] };`,
    answer: (shown) => `${((Number(found(/"part":([\d.]+)/)(shown)) / Number(found(/"whole":([\d.]+)/)(shown))) * 100).toFixed(2)} %`,
  },
  {
    question: 'Where are the last orders of the first three customers?',
    turns: [
      () => [['orders_query', { sql: threeSql }]],
      ([three]) => rowsOf(three).map(({ name }) => ['orders_last_order', { customer: name as Json }]),
      ([, ...last]) => track(last.flatMap(rowsOf).filter(({ parcel }) => parcel !== null)),
    ],
    steps: [
      step('three', 'orders_query', { sql: threeSql }),
      step('last', 'orders_last_order', { customer: { $each: 'name' } }, { each: from('three', 'rows') }),
      step('places', 'carrier_track', { parcel: { $each: '' } }, { each: from('last', '[*].rows[*].parcel') }),
    ],
    code: `const { rows: three } = await orders.query({ sql: "${threeSql}" });
const all = (await Promise.all(three.map(({ name }) => orders.last_order({ customer: name })))).flatMap(({ rows }) => rows);
const rows = all.filter(({ parcel }) => parcel !== null);
${trackEach}
return parcels.map(({ parcel, location }) => ({ parcel, location }));`,
    answer: places,
  },
  {
    question: 'How often were the fourteen parcels that were shipped last before 15 June 2026 delayed on average?',
    turns: [() => [['orders_query', { sql: recentSql(14) }]], ([recent]) => track(rowsOf(recent))],
    steps: [
      step('recent', 'orders_query', { sql: recentSql(14) }),
      step('places', 'carrier_track', { parcel: { $each: 'parcel' } }, { each: from('recent', 'rows') }),
      step('average', 'kept-figures', { result: from('places', ''), figures: [{ figure: 'avg', of: 'body.delays' }] }),
    ],
    code: `const { rows } = await orders.query({ sql: "${recentSql(14)}" });\n${trackEach}\nreturn { average: parcels.reduce((sum, { delays }) => sum + delays, 0) / parcels.length };`,
    answer: (shown) => {
      const told = /"average":([\d.]+)/.exec(shown)?.[1] ?? /"avg_body\.delays":([\d.]+)/.exec(shown)?.[1];
      const delays = numbers(shown, /"delays":(\d+)/g);
      return (told === undefined ? delays.reduce((sum, one) => sum + one, 0) / delays.length : Number(told)).toFixed(2);
    },
  },
  {
    question: 'Which country has the largest part of its orders returned or cancelled?',
    turns: [() => [['orders_query', { sql: countBySql }]]],
    steps: [step('counts', 'orders_query', { sql: countBySql })],
    code: `const { rows } = await orders.query({ sql: ${JSON.stringify(countBySql)} });
const by = {};
for (const { country, status, n } of rows) {
  by[country] ??= { lost: 0, all: 0 };
  by[country].all += n;
  if (status === 'returned' || status === 'cancelled') by[country].lost += n;
}
const [[best]] = Object.entries(by).sort(([, a], [, b]) => b.lost / b.all - a.lost / a.all);
return { best };`,
    answer: (shown) => /"best":"([^"]+)"/.exec(shown)?.[1] ?? worstCountry(shown),
  },
];

/** What the model reads off the rows itself, where it has no code to do so. */
function worstCountry(shown: string): string {
  const by = new Map<string, { lost: number; all: number }>();
  const seen = new Set<string>();
  for (const [whole, country = '', status = '', n = ''] of shown.matchAll(/\{"country":"([^"]+)","status":"([^"]+)","n":(\d+)\}/g)) {
    if (seen.has(whole)) continue;
    seen.add(whole);
    const entry = by.get(country) ?? { lost: 0, all: 0 };
    entry.all += Number(n);
    if (status === 'returned' || status === 'cancelled') entry.lost += Number(n);
    by.set(country, entry);
  }
  return [...by].sort(([, a], [, b]) => b.lost / b.all - a.lost / a.all)[0]?.[0] ?? 'not found';
}

/** A model that answers these questions by the strategy that it is asked for. Tokens are counted at four characters each, tools and schemas included. */
export function playQuestion(asked: StrategyQuestion, strategy: ComparedStrategy, delayOf: (outputTokens: number) => number = () => 0): Script {
  return (request, index) => {
    const shown = shownIn(request);
    const calls = callsOf(asked, strategy, { index, given: shown.map(dataIn) });
    const text = calls.length === 0 ? `The answer: ${asked.answer(shown.join('\n'))}.` : '';
    const { messages, tools = [], response_format: format = null } = request as CompletionRequest & { response_format?: Json };
    const inputTokens = tokens(JSON.stringify([messages, tools, format]));
    const outputTokens = tokens(text + calls.map(({ name, arguments: args }) => name + JSON.stringify(args)).join(''));
    return {
      text,
      toolCalls: calls.map((call, number) => ({ ...call, id: `c${index}_${number}` })),
      usage: { inputTokens, outputTokens },
      delayMs: delayOf(outputTokens),
    };
  };
}

function callsOf({ turns, steps, code }: StrategyQuestion, strategy: ComparedStrategy, { index, given }: { index: number; given: Json[] }): ScriptedToolCall[] {
  if (strategy === 'plan') return index === 0 ? [{ name: 'make-plan', arguments: { steps } }] : [];
  if (strategy === 'code') return index === 0 ? [{ name: 'run-code', arguments: { code } }] : [];
  return (turns[index]?.(given) ?? []).map(([name, args]) => ({ name, arguments: args }));
}

function shownIn({ messages }: CompletionRequest): string[] {
  return messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content));
}

function dataIn(text: string): Json {
  const inner = /<data[^>]*>\n([\s\S]*?)\n<\/data>/.exec(text)?.[1] ?? 'null';
  return JSON.parse(inner) as Json;
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}
