/** The flows of the gallery do what they say, on a real host with built-in models, their questions answered as a person would. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exampleParts, examples, readExampleFlow, readExampleWorkspace } from '@switchyard/examples';
import { answerSignal, type Answer, type JsonObject } from '@switchyard/shared';
import { afterAll, expect, test } from 'vitest';
import { testRun, type TestRun } from '../../../testing.ts';
import { createHost } from '../../host.ts';

const directory = mkdtempSync(join(tmpdir(), 'gallery-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function example(id: string) {
  const found = examples.find((one) => one.id === id);
  if (!found) throw new Error(`There is no example ${id}`);
  return { flow: readExampleFlow(found), workspace: readExampleWorkspace(found), folder: dirname(found.workspaceFile) };
}

/** Runs an example; `answers` are given to the questions of these keys, and its first grant is of `operations` alone. */
async function run(
  id: string,
  inputs: JsonObject,
  answers: Record<string, Answer> = {},
  operations?: string[],
): Promise<TestRun & { questions: { key: string; ask: JsonObject }[] }> {
  const { flow: whole, workspace, folder } = example(id);
  const flow = { ...whole, grants: whole.grants.map((grant, index) => (operations && index === 0 ? { ...grant, operations } : grant)) };
  const secrets = { get: () => undefined, values: () => [] };
  const host = createHost({ workspace: () => workspace, baseDirectory: folder, dataDirectory: directory, secrets, examples: exampleParts });
  try {
    const done = await testRun(flow, {
      inputs,
      host,
      onStart: (port) => {
        for (const [key, answer] of Object.entries(answers)) port.signal(answerSignal(key), answer as unknown as JsonObject);
      },
    });
    const questions = done.events.flatMap((event) =>
      event.type === 'wait-start' && 'ask' in (event.until as object) ? [{ key: event.key, ask: (event.until as { ask: JsonObject }).ask }] : [],
    );
    return { ...done, questions };
  } finally {
    await host.close();
  }
}

/** The values to try that a field of an example's input offers. */
function samples(id: string, node: string, field: string): string[] {
  const fields = example(id).flow.nodes[node]?.config.fields as Record<string, { examples: string[] }>;
  return fields[field]?.examples ?? [];
}

const [calm = '', upset = '', unsure = ''] = samples('support-reply', 'message', 'message');

test('support reply: what is clear and calm is answered at once', async () => {
  const { result, questions } = await run('support-reply', { customer: 'Ines Fontaine', message: calm });
  expect(questions).toEqual([]);
  expect(result.outputs).toMatchObject({ judged: { topic: 'billing', mood: 'calm' } });
  expect(result.outputs.reply).toMatch(/^Hello Ines Fontaine,[\s\S]*Invoices are sent again on request/);
});

test.for([
  ['upset', upset],
  ['unsure', unsure],
])('support reply: what is %s comes before a person, who may answer in other words, or not at all', async ([, message = '']) => {
  const inputs = { customer: 'Noor Haddad', message };
  const approved = await run('support-reply', inputs, { look: { choice: 'approve' } });
  expect(approved.questions).toMatchObject([{ key: 'look', ask: { title: 'Answer Noor Haddad so?' } }]);
  expect(approved.questions[0]?.ask.text).toContain(message);
  expect(approved.result.outputs.reply).toContain('Parcels are sent within two working days');
  const own = await run('support-reply', inputs, { look: { choice: 'approve', values: { reply: 'I call you today.' } } });
  expect(own.result.outputs.reply).toBe('I call you today.');
  const refused = await run('support-reply', inputs, { look: { choice: 'reject', reason: 'Spam' } });
  expect(refused.result).toMatchObject({ status: 'done', outputs: { reply: 'Not answered: Spam' } });
});

const [sound = '', unsound = ''] = samples('invoice', 'paste', 'text');

test('invoice: one that adds up is booked as read', async () => {
  const { result, questions } = await run('invoice', { text: sound });
  expect(questions).toEqual([]);
  expect(result.outputs).toEqual({ entry: { invoice: 'INV-2026-118', due: '2026-04-03', total: 1428, booked: true, by: 'check' }, problems: [] });
});

test('invoice: where sums or dates do not fit, a person decides, and may mend the total', async () => {
  const booked = await run('invoice', { text: unsound }, { decide: { choice: 'approve', values: { total: 952 } } });
  expect(booked.result.outputs.entry).toEqual({ invoice: 'INV-2026-131', due: '2026-03-11', total: 952, booked: true, by: 'person' });
  expect(booked.result.outputs.problems).toEqual([
    'Net 800.00 and VAT 152.00 make 952.00, not 992.00.',
    'It is due on 2026-03-11, before its date, 2026-03-18.',
  ]);
  const refused = await run('invoice', { text: unsound }, { decide: { choice: 'reject', reason: 'Ask them for a new one.' } });
  expect(refused.result.outputs.entry).toEqual({ invoice: 'INV-2026-131', booked: false, by: 'person', why: 'Ask them for a new one.' });
});

test('nightly report: nothing is filed before a person has looked', async () => {
  const inputs = { day: samples('nightly-report', 'ask', 'day')[0] ?? '' };
  const filed = await run('nightly-report', inputs, { look: { choice: 'approve' } });
  expect(filed.questions[0]?.ask.text).toMatch(/orders: \d+\n- revenue: \d+/);
  expect(filed.result.outputs.report).toMatchObject({ id: 'R-1', title: 'Report of 2026-06-29', text: expect.stringContaining('late parcel: P-') });
  const refused = await run('nightly-report', inputs, { look: { choice: 'reject', reason: 'Not today.' } });
  expect(refused.result).toMatchObject({ status: 'failed', failure: { code: 'approval-rejected', node: 'look' } });
  expect(refused.view.tasks.has('file')).toBe(false);
});

const [change = '', look = ''] = samples('price-change', 'ask', 'request');
const setPrice = 'clerk#t2.code.catalogue.set_price.0.approval';

test('price change: the program of the planner looks without asking, and changes a price once a person agrees', async () => {
  expect((await run('price-change', { request: look })).questions).toEqual([]);
  const agreed = await run('price-change', { request: change }, { [setPrice]: { choice: 'approve' } });
  expect(agreed.questions).toMatchObject([{ key: setPrice, ask: { operation: 'catalogue.set_price', arguments: { item: 'I-101', price: 49.9 } } }]);
  expect(agreed.result.outputs.answer).toContain('Set price (price 49.9, item I-101)');
  const patched = (made: TestRun) => made.events.filter((event) => event.type === 'call-start' && event.target.operation === 'set_price');
  expect(patched(agreed)).toHaveLength(1);
  const refused = await run('price-change', { request: change }, { [setPrice]: { choice: 'reject', reason: 'Not before May.' } });
  expect(refused.result.status).toBe('done');
  expect(patched(refused)).toEqual([]);
});

test('inbox: each message is judged by a flow of its own, and its line keeps its place', async () => {
  const messages = ['When will my order arrive?', 'You charged my card twice', 'The lamp arrived broken'];
  const { result, view } = await run('inbox', { messages });
  expect(result.outputs.table).toBe(`Messages: 3\n\n- delivery: ${messages[0]}\n- billing: ${messages[1]}\n- product: ${messages[2]}`);
  for (const index of messages.keys()) expect(view.tasks.has(`each[${index}].topic`)).toBe(true);
});

test.for<[string, JsonObject, unknown]>([
  ['pay-off', { balance: 1000, rate: 6, payment: 200 }, { answer: 'Paid off in 6 months.' }],
  ['pay-off', { balance: 400, rate: 0, payment: 200 }, { answer: 'Paid off in 2 months.' }],
  ['glance', { year: '2025' }, { figures: expect.stringMatching(/^Orders: \d{4}\nCustomers who bought: \d+\nParcels sent: \d{4}$/) }],
  ['stock', { name: 'desk' }, { stock: [{ name: 'Oak desk', stock: 7 }] }],
  ['folder', { key: 'returns.md' }, { count: { words: expect.any(Number), of: 10 } }],
])('%s %j', async ([id, inputs, outputs]) => {
  const { result } = await run(id, inputs);
  expect(result).toMatchObject({ status: 'done' });
  expect(result.outputs).toEqual(outputs);
});

test('pay off: a loan that is never paid is told, not repeated for ever', async () => {
  const { result } = await run('pay-off', { balance: 1000, rate: 12, payment: 1 });
  expect(result).toMatchObject({ status: 'failed', failure: { code: 'loop-unmet', node: 'months' } });
});

test('two databases: each question is answered from the one that knows, with the figures of its files', async () => {
  const rows = readFileSync(join(example('two-databases').folder, 'figures/stock.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const inLyon = rows.filter((row) => row.includes(',Lyon,')).reduce((sum, row) => sum + Number(row.split(',').at(-1)), 0);
  const [orders = '', stock = '', target = ''] = samples('two-databases', 'ask', 'question');
  const answer = async (question: string) => String((await run('two-databases', { question })).result.outputs.answer);
  expect(await answer(orders)).toMatch(/2,921[\s\S]*Sources: Orders/);
  expect(await answer(stock)).toMatch(new RegExp(`Lyon: ${inLyon.toLocaleString('en')}[\\s\\S]*Sources: Stock and targets`));
  expect(await answer(target)).toContain('134400');
});

const [ofItem = '', ofCity = '', ofStock = ''] = samples('suppliers', 'ask', 'question');

test.for([
  [ofItem, 'item', 'Van Acker Joinery, city Ghent, delivery days 21'],
  [ofCity, 'supplier', 'Serra Weavers, city Porto, delivery days 9'],
  [ofStock, 'stock', 'pieces 466, value 20,048.90'],
  ['Who is the supplier of item I-999?', 'item', 'No item has the number "I-999"'],
])('suppliers: %s', async ([question = '', operation, words]) => {
  const { result, events } = await run('suppliers', { question });
  expect(result.status).toBe('done');
  expect(result.outputs.answer).toContain(words);
  const called = events.flatMap((event) => (event.type === 'call-start' && event.target.node === 'suppliers' ? [event.target.operation] : []));
  expect(called).toEqual(['catalogue', operation]);
});

const [byName = '', byNumber = ''] = samples('items', 'ask', 'request');

test.for([
  [byName, 'find_items', 'Brass lamp'],
  [byNumber, 'get_item', 'Oak desk'],
])('items: %s', async ([request = '', operation, words]) => {
  const { result, events } = await run('items', { request });
  expect(result.outputs.answer).toContain(words);
  const called = events.flatMap((event) => (event.type === 'call-start' && event.target.node === 'items' ? [event.target.operation] : []));
  expect(called).toEqual(['catalogue', operation]);
});

const [find = '', book = ''] = samples('rooms', 'ask', 'request');
const bookRoom = 'clerk#t1.rooms.book_room.0.approval';

test('meeting rooms: rooms are found without asking, and one is booked once a person agrees', async () => {
  const found = await run('rooms', { request: find });
  expect(found.questions).toEqual([]);
  expect(found.result.outputs.answer).toContain('1. room Loft, seats 12, floor 4\n2. room Harbour, seats 20, floor 2');
  const agreed = await run('rooms', { request: book }, { [bookRoom]: { choice: 'approve' } });
  expect(agreed.questions).toMatchObject([
    { key: bookRoom, ask: { operation: 'rooms.book_room', arguments: { room: 'Garden', day: '2026-07-01', people: 5 } } },
  ]);
  expect(agreed.result.outputs.answer).toContain('booked Garden');
  const refused = await run('rooms', { request: book }, { [bookRoom]: { choice: 'reject', reason: 'It is painted that day.' } });
  expect(refused.result.status).toBe('done');
  expect(refused.result.outputs.answer).not.toContain('booked Garden');
});

test('meeting rooms: testing the connection asks for nothing to be accepted into a connection that could not keep it', async () => {
  const { workspace, folder } = example('rooms');
  const secrets = { get: () => undefined, values: () => [] };
  const host = createHost({ workspace: () => workspace, baseDirectory: folder, dataDirectory: directory, secrets, examples: exampleParts });
  const scope = { signal: new AbortController().signal, timeoutMs: 10_000, onDelta: () => {} };
  expect(await host.checkConnection('rooms', scope)).toBe('It answers and has 2 tools: find_rooms, book_room.');
  expect(await host.readOffer('rooms', scope)).toBeUndefined();
  await host.close();
});

test('meeting rooms and suppliers: an operation that only the connection knows is granted alone, and one that it does not know is told', async () => {
  const looked = await run('rooms', { request: 'Find rooms for 8 people on 2026-07-01' }, {}, ['find_rooms']);
  expect(looked.result.outputs.answer).toContain('Loft');
  const booked = await run('rooms', { request: 'Book the room Garden for 5 people on 2026-07-02' }, {}, ['find_rooms']);
  expect([booked.result.status, booked.questions]).toEqual(['done', []]);
  const item = await run('suppliers', { question: ofItem }, {}, ['item']);
  expect(item.events.flatMap((event) => (event.type === 'call-start' && event.target.operation === 'item' ? [event.target.node] : []))).toEqual(['suppliers']);
  const { failure } = (await run('rooms', { request: 'Look' }, {}, ['find_room'])).result;
  expect(failure).toMatchObject({ code: 'operation-missing', message: expect.stringContaining('It offers "find_rooms", "book_room", "read_resource".') });
});
