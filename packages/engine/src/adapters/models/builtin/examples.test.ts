/** Every example that ships runs as it is: compiled, interpreted, and on a real host with its own database, server and built-in models. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exampleParts, examples, readExampleFlow, readExampleWorkspace } from '@switchyard/examples';
import type { JsonObject } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testRun, type TestRun } from '../../../testing.ts';
import { createHost, type ClosableHost } from '../../host.ts';

const directory = mkdtempSync(join(tmpdir(), 'examples-'));
const hosts = new Map<string, ClosableHost>();

beforeAll(() => {
  for (const example of examples) {
    const workspace = readExampleWorkspace(example);
    const secrets = { get: () => undefined, values: () => [] };
    hosts.set(
      example.id,
      createHost({ workspace: () => workspace, baseDirectory: dirname(example.workspaceFile), dataDirectory: directory, secrets, examples: exampleParts }),
    );
  }
});
afterAll(async () => {
  await Promise.all([...hosts.values()].map((host) => host.close()));
  rmSync(directory, { recursive: true, force: true });
});

async function run(id: string, inputs: JsonObject): Promise<TestRun> {
  const example = examples.find((one) => one.id === id);
  const host = hosts.get(id);
  if (!example || !host) throw new Error(`There is no example ${id}`);
  return testRun(readExampleFlow(example), { inputs, host });
}

describe('order desk', () => {
  test.for<[number, string[], string[]]>([
    [0, ['Parcel P-25665: status delayed', 'delays 3', "Mood of 'third delay, I give up': upset"], ['orders.last_order', 'mood.ask', 'carrier.track']],
    [1, ['Number of orders in 2025: ', 'Average total (orders) in 2025: '], ['orders.query', 'orders.query']],
    [2, ['Top 5 customers by sum of total (orders) in 2026:', '5. '], ['orders.query']],
    [3, ['Hello Ines Fontaine,', 'Sources: Shop orders (last order), Writer.'], ['orders.last_order', 'writer.ask']],
  ])('sample question %i', async ([index, parts, calls]) => {
    const flow = readExampleFlow(examples[0] ?? { id: '', title: '', description: '', flowFile: '', workspaceFile: '' });
    const { question } = (flow.nodes.ask?.config.fields ?? {}) as { question?: { examples: string[] } };
    const { result, events } = await run('order-desk', { question: question?.examples[index] ?? '' });
    expect(result.status).toBe('done');
    for (const part of parts) expect(result.outputs.answer).toContain(part);
    const made = events.flatMap((event) =>
      event.type === 'call-start' && event.target.operation !== undefined && event.target.operation !== 'catalogue'
        ? [`${event.target.node}.${event.target.operation}`]
        : [],
    );
    for (const call of calls) expect(made).toContain(call);
  });

  test('a question that nothing fits is answered with what can be asked', async () => {
    const { result } = await run('order-desk', { question: 'What will the weather be?' });
    expect(result.status).toBe('done');
    expect(result.outputs.answer).toContain('I could not work out "What will the weather be?"');
    expect(result.outputs.answer).toContain('- Carrier (track): Where a parcel is');
  });
});

test.for([
  ['Where is my parcel? The tracking says delayed again', 'For the delivery team'],
  ['You charged my card twice', 'For the billing team'],
  ['The lamp arrived with a broken shade', 'For the product team'],
  ['xyz', 'The topic is not clear'],
])('triage: %s', async ([message = '', wanted = '']) => {
  const { result } = await run('triage', { message });
  expect(result.status).toBe('done');
  expect(result.outputs.ticket).toContain(wanted);
  expect(result.outputs.ticket).toContain(message);
});

test('report: a year of orders', async () => {
  const { result } = await run('report', { year: '2025' });
  expect(result.status).toBe('done');
  expect(result.outputs.report).toMatch(
    /^Orders in 2025: \d{4}, cancelled ones left out\.\nRevenue: \d+\.\d\d\. Best month: 2025-\d\d\.\n\n(?:2025-\d\d {2}█+ +\d+\.\d\d\n){12}$/,
  );
});
