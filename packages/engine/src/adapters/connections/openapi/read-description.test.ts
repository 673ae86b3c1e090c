/** Descriptions of every version become the same operations, whatever they refer to. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiCatalogue } from '@switchyard/shared';
import { afterEach, describe, expect, test } from 'vitest';
import { descriptionVersions, shopDescription } from '../../../testing/described-api.ts';
import { ask, failureOf, HostBench } from '../../testing/host-bench.ts';
import { readDescription } from './read-description.ts';

let bench = new HostBench();
afterEach(async () => {
  await bench.close();
  bench = new HostBench();
});

describe.each(descriptionVersions)('version %s', (version) => {
  test('gives operations with their parameters, bodies and answers', async () => {
    const { title, operations } = await readDescription(JSON.stringify(shopDescription(version, 60)), 'shop');
    expect([title, operations.length, new Set(operations.map(({ name }) => name)).size]).toEqual(['Shop', 240, 240]);
    const [list, add, read, remove] = operations;
    expect(list).toMatchObject({ name: 'listThing0', method: 'GET', path: '/things0', effect: 'read', tags: ['even'], output: { type: 'array' } });
    expect(list?.input).toMatchObject({
      properties: { limit: { type: 'integer', description: 'How many at most' }, state: { type: 'array', items: { type: 'string' } } },
      required: [],
    });
    expect(add).toMatchObject({
      name: 'addThing0',
      effect: 'write',
      input: { required: ['body'], properties: { body: { properties: { id: { type: 'string' }, parent: {} } } } },
    });
    expect(read).toMatchObject({ name: 'get_things0_id', input: { required: ['id'], properties: { id: { type: 'string' }, X_Trace: { type: 'string' } } } });
    expect(remove).toMatchObject({ name: 'removeThing0', effect: 'write' });
    const text = JSON.stringify(operations);
    expect(text).not.toContain('$ref');
    expect(text).not.toContain('169.254');
    for (const operation of operations) expect(JSON.stringify(operation).length).toBeLessThan(60_000);
  });
});

test.each([
  ['not a description', '{"a":1}'],
  ['not JSON or YAML', '{"openapi": "3.1.0", '],
  ['too deep', `{"openapi":"3.1.0","paths":${'['.repeat(300)}`],
  ['a list', '[1]'],
  ['nothing', ''],
])('what is %s is refused', async (_, text) => {
  expect((await failureOf(readDescription(text, 'shop'))).code).toBe('description-invalid');
});

test('names that mean something to JavaScript stay data', async () => {
  const text =
    '{"openapi":"3.1.0","paths":{"/a":{"get":{"operationId":"__proto__","parameters":[{"name":"__proto__","in":"query","schema":{"__proto__":{"x":1}}}]}}}}';
  const { operations } = await readDescription(text, 'shop');
  expect(operations[0]).toMatchObject({ name: 'proto', parameters: [{ property: 'proto', name: '__proto__', in: 'query' }] });
  expect('x' in {}).toBe(false);
});

test('a description comes from a file, or from an address whose other origin gets no credentials', async () => {
  const seen: unknown[] = [];
  const text = JSON.stringify(shopDescription('3.1.0', 2));
  const url = await bench.serve((incoming, answer) => {
    seen.push(incoming.headers.authorization);
    answer.setHeader('content-type', 'application/json').end(text);
  });
  await writeFile(join(await bench.directory(), 'shop.json'), text);
  bench.secrets.KEY = 'k3y';
  bench.connections.near = { type: 'openapi', baseUrl: `${url}/v1`, url: `${url}/openapi.json`, bearer: { secret: 'KEY' } };
  bench.connections.far = { type: 'openapi', baseUrl: 'https://api.example.com', url: `${url}/openapi.json`, bearer: { secret: 'KEY' } };
  bench.connections.filed = { type: 'openapi', baseUrl: 'https://api.example.com', file: 'shop.json' };
  bench.connections.none = { type: 'openapi', baseUrl: 'https://api.example.com' };
  const host = await bench.host();
  for (const connection of ['near', 'far', 'filed']) expect((await ask<ApiCatalogue>(host, 'catalogue', { connection })).operations).toHaveLength(8);
  expect(seen).toEqual(['Bearer k3y', undefined]);
  expect((await failureOf(ask(host, 'catalogue', { connection: 'none' }))).code).toBe('connection-invalid');
});
