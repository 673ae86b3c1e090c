/** Descriptions are read from files and addresses, in a thread that ends when it must. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ApiCatalogue } from '@switchyard/shared';
import { afterEach, expect, test } from 'vitest';
import { paymentsDescription } from '../../../testing/described/payments.ts';
import { shopDescription } from '../../../testing/described/shop.ts';
import { ask, failureOf, HostBench } from '../../testing/host-bench.ts';

let bench = new HostBench();
afterEach(async () => {
  await bench.close();
  bench = new HostBench();
});

test.each([
  ['not a description', '{"a":1}'],
  ['not JSON or YAML', '{"openapi": "3.1.0", '],
  ['too deep', `{"openapi":"3.1.0","paths":${'['.repeat(300)}`],
  ['a list', '[1]'],
  ['nothing', ''],
])('what is %s is refused', async (_, text) => {
  await writeFile(join(await bench.directory(), 'shop.json'), text);
  bench.connections.shop = { type: 'openapi', baseUrl: 'https://api.example.com', file: 'shop.json' };
  const { code, message } = await failureOf(ask(await bench.host(), 'catalogue', { connection: 'shop' }));
  expect(code).toBe('description-invalid');
  expect(message).toMatch(/^The description of connection "shop" .*It must be OpenAPI 2\.0, 3\.0 or 3\.1/);
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

test('one that keeps its reader busy is given up when the time is up, and the thread of the server goes on meanwhile', async () => {
  await writeFile(
    join(await bench.directory(), 'big.yaml'),
    `openapi: 3.1.0\npaths:\n${Array.from({ length: 60_000 }, (_, n) => `  /p${n}: { get: { tags: [a, b, c] } }`).join('\n')}\n`,
  );
  bench.connections.big = { type: 'openapi', baseUrl: 'https://api.example.com', file: 'big.yaml' };
  const host = await bench.host();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const { code } = await failureOf(ask(host, 'catalogue', { connection: 'big' }, { timeoutMs: 300 }));
  delay.disable();
  expect(code).toBe('timeout');
  expect(delay.max).toBeLessThan(250e6);
});

test('many who ask at once have it read once, and whoever asks for a part gets no more', async () => {
  let reads = 0;
  const url = await bench.serve((_, answer) => {
    reads += 1;
    answer.end(JSON.stringify(shopDescription('3.1.0', 20)));
  });
  bench.connections.shop = { type: 'openapi', baseUrl: url, url };
  const host = await bench.host();
  const only = { names: ['addThing3', 'listThing3'] };
  const read = await Promise.all(Array.from({ length: 10 }, () => ask<ApiCatalogue>(host, 'catalogue', { connection: 'shop', only })));
  expect(reads).toBe(1);
  for (const { operations } of read) expect(operations.map(({ name }) => name)).toEqual(['listThing3', 'addThing3']);
  const { operations, schemas } = await ask<ApiCatalogue>(host, 'catalogue', { connection: 'shop', only: { names: ['listThing3'], effect: 'read' } });
  expect([operations.length, schemas]).toEqual([1, undefined]);
  const odd = await ask<ApiCatalogue>(host, 'catalogue', { connection: 'shop', only: { tags: ['odd'] } });
  expect(odd.operations).toHaveLength(10);
});

test('the check of the connection tells what cannot be called, and why', async () => {
  await writeFile(join(await bench.directory(), 'pay.json'), JSON.stringify(paymentsDescription({ resources: 1 })));
  bench.connections.pay = { type: 'openapi', baseUrl: 'https://api.example.com', file: 'pay.json' };
  const host = await bench.host();
  const found = await host.checkConnection('pay', { signal: new AbortController().signal, onDelta: () => {}, timeoutMs: 10_000 });
  expect(found).toBe(
    'Its description "Payments" has 3 operations that can be called, and 1 that cannot; of "PostFiles": It cannot be called: its body needs the file "file", and files are not sent.',
  );
});

/** Lists within lists by reference, ten of each in the next: a few lines that are ten thousand million values when written out. */
const laughing = `a0: &a0 [1, 2, 3]\n${Array.from({ length: 10 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array.from({ length: 10 }, () => `*a${n}`).join(', ')}]`).join('\n')}`;
const nested = `deep:\n${Array.from({ length: 20_000 }, (_, n) => `${' '.repeat(n % 900)}- `).join('')}1`;
const circle = 'loop: &loop { inner: *loop }';

test.each([
  ['grows without end', laughing],
  ['is nested without end', nested],
  ['holds itself', circle],
])(
  'YAML that %s is refused or read in bounded time, and the server goes on',
  async (_, text) => {
    await writeFile(join(await bench.directory(), 'evil.yaml'), `openapi: 3.0.3\npaths: { /a: { get: { operationId: a } } }\n${text}\n`);
    bench.connections.evil = { type: 'openapi', baseUrl: 'https://api.example.com', file: 'evil.yaml' };
    const read = ask<ApiCatalogue>(await bench.host(), 'catalogue', { connection: 'evil' }, { timeoutMs: 15_000 });
    expect((await failureOf(read)).code).toBe('description-invalid');
  },
  20_000,
);
