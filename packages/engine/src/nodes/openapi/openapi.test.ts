/** The kind `openapi` on a real server: as a step, and what it offers as tools. */
import type { ApiCatalogue, Json } from '@switchyard/shared';
import { afterEach, expect, test } from 'vitest';
import { ask } from '../../adapters/testing/host-bench.ts';
import { paymentsDescription } from '../../testing/described/payments.ts';
import { shopDescription } from '../../testing/described/shop.ts';
import { RoomBench } from '../../testing/room-bench.ts';

let bench = new RoomBench('openapi');
afterEach(async () => {
  await bench.close();
  bench = new RoomBench('openapi');
});

async function shop(description = shopDescription('3.0.3', 5)): Promise<string[]> {
  const seen: string[] = [];
  const url = await bench.serve((incoming, answer) => {
    const isDescription = incoming.url === '/openapi.json';
    if (!isDescription) seen.push(`${incoming.method} ${incoming.url} ${String(incoming.headers['x-trace'] ?? '')}`);
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(isDescription ? description : { ok: true }));
  });
  bench.connections.shop = { type: 'openapi', baseUrl: `${url}/v1`, url: `${url}/openapi.json` };
  return seen;
}

test('runs its operation as a step, with every argument in its place', async () => {
  const seen = await shop();
  const { outputs } = await bench.runStep({ connection: 'shop', operation: 'listThing3' }, { arguments: { limit: 5, state: ['a&b', 'c'] } });
  expect(outputs).toEqual({ status: 200, body: { ok: true } });
  await bench.runStep({ connection: 'shop', operation: 'get_things3_id' }, { arguments: { id: 'a b?', X_Trace: 't' } });
  expect(seen).toEqual(['GET /v1/things3?limit=5&state=a%26b&state=c ', 'GET /v1/things3/a%20b%3F t']);
});

test.each([
  [{ operation: 'addThing3' }, { body: { id: 'x' } }, 'operation-missing'],
  [{ operation: 'removeThing3' }, { id: 'x' }, 'operation-missing'],
  [{ operation: 'listThing3', tags: ['even'] }, {}, 'operation-missing'],
  [{ operation: 'get_things3_id' }, {}, 'arguments-invalid'],
  [{ operation: 'listThing3' }, { limit: 'many' }, 'arguments-invalid'],
  [{ operation: 'listThing3' }, { other: 1 }, 'arguments-invalid'],
  [{ operation: 'get_things3_id' }, { id: '../admin' }, 'request-invalid'],
  [{ operation: 'get_things3_id' }, { id: '' }, 'request-invalid'],
])('%j with %j does not reach the server', async (config, args, code) => {
  const seen = await shop();
  const { failure } = await bench.runStep({ connection: 'shop', ...config }, { arguments: args as Json });
  expect(failure?.code).toBe(code);
  expect(seen).toEqual([]);
});

test('a step whose operation cannot be called says why', async () => {
  await shop(paymentsDescription({ resources: 1 }));
  const { failure } = await bench.runStep({ connection: 'shop', access: 'write', operation: 'PostFiles' }, { arguments: {} });
  expect(failure).toMatchObject({
    code: 'operation-missing',
    message:
      'Connection "shop" has no operation "PostFiles" that this node may call with access write. It cannot be called: its body needs the file "file", and files are not sent. Choose another.',
  });
});

test('a form is sent by a step, and a required one is never left out', async () => {
  const seen = await shop(paymentsDescription({ resources: 1 }));
  const step = { connection: 'shop', access: 'write', operation: 'PostThings0' };
  const { failure } = await bench.runStep(step, { arguments: {} });
  expect(failure?.code).toBe('arguments-invalid');
  expect(seen).toEqual([]);
  const { status } = await bench.runStep(step, { arguments: { body: { amount: 1, currency: 'eur' } } });
  expect([status, seen]).toEqual(['done', ['POST /v1/v1/things0 ']]);
});

test('a write is sent where the access says so', async () => {
  const seen = await shop();
  const { status } = await bench.runStep({ connection: 'shop', access: 'write', operation: 'addThing3' }, { arguments: { body: { id: 'x' } } });
  expect([status, seen]).toEqual(['done', ['POST /v1/things3 ']]);
});

test('offers what the catalogue holds; before it is read, the chosen names', async () => {
  await shop();
  const catalogue = await ask<ApiCatalogue>(await bench.host(), 'catalogue', { connection: 'shop' });
  const offered = bench.operations({ connection: 'shop' }, { catalogue: catalogue as unknown as Json });
  expect(offered.find(({ name }) => name === 'listThing0')).toMatchObject({ effect: 'read', input: { properties: { limit: { type: 'integer' } } } });
  expect(bench.operations({ connection: 'shop' })).toEqual([]);
  expect(bench.operations({ connection: 'shop', operations: ['listThing0'] })).toMatchObject([{ name: 'listThing0', effect: 'read' }]);
  expect(bench.operations({ connection: 'shop', access: 'write', operations: ['x'] })).toMatchObject([{ name: 'x', effect: 'write' }]);
});
