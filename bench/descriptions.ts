/** What reading an API's description takes: the time, how late the event loop is meanwhile, and how large the catalogue is. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ApiCatalogue } from '../packages/shared/src/index.ts';
import { ask, HostBench } from '../packages/engine/src/adapters/testing/host-bench.ts';
import { codeHostDescription } from '../packages/engine/src/testing/described/code-host.ts';
import { meshDescription } from '../packages/engine/src/testing/described/mesh.ts';
import { messagingDescription } from '../packages/engine/src/testing/described/messaging.ts';
import { paymentsDescription } from '../packages/engine/src/testing/described/payments.ts';
import { shopDescription } from '../packages/engine/src/testing/described/shop.ts';
import { yamlOf } from '../packages/engine/src/testing/described/yaml-of.ts';
import { shown } from './figures.ts';
import { machineLine, table } from './performance-page.ts';

const prose = 'A text that tells what the field is for and when it is set, as such services have. ';
const descriptions: [name: string, make: () => string][] = [
  ['a code host, 3.0, JSON', () => JSON.stringify(codeHostDescription({ resources: 450, exampleBytes: 5_500 }))],
  ['the same as YAML', () => yamlOf(codeHostDescription({ resources: 450, exampleBytes: 5_500 }))],
  ['a code host, the largest that is read', () => JSON.stringify(codeHostDescription({ resources: 450, exampleBytes: 10_000 }))],
  ['a payment service, 3.1, JSON', () => JSON.stringify(paymentsDescription({ resources: 300, text: prose.repeat(20) }))],
  ['a payment service of 2,700 operations', () => JSON.stringify(paymentsDescription({ resources: 900, text: prose.repeat(9) }))],
  ['a messaging service, 2.0, YAML', () => yamlOf(messagingDescription({ resources: 600 }))],
  ['records that lead to many others, 1,800 operations', () => JSON.stringify(meshDescription(900))],
  ['a shop of 500 operations', () => JSON.stringify(shopDescription('3.0.3', 125))],
  ['a shop of 1,800 operations', () => JSON.stringify(shopDescription('3.0.3', 450))],
];

interface Reading {
  ms: number;
  late: number;
  /** Of the server's own thread, which other work of the machine does not change. */
  cpu: number;
  catalogue: ApiCatalogue;
}

async function read(text: string): Promise<Reading> {
  const bench = new HostBench();
  await writeFile(join(await bench.directory(), 'description'), text);
  bench.connections.api = { type: 'openapi', baseUrl: 'https://api.example.com', file: 'description' };
  bench.secrets.KEY = 'a secret that is looked for';
  const host = await bench.host();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await new Promise((resolve) => setTimeout(resolve, 50));
  delay.reset();
  const before = process.threadCpuUsage();
  const begin = performance.now();
  const catalogue = await ask<ApiCatalogue>(host, 'catalogue', { connection: 'api' });
  const ms = performance.now() - begin;
  const { user, system } = process.threadCpuUsage(before);
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  await bench.close();
  return { ms, late: delay.max / 1e6, cpu: (user + system) / 1000, catalogue };
}

const rows: string[][] = [];
for (const [name, make] of descriptions) {
  const text = make();
  const { ms, late, cpu, catalogue } = await read(text);
  const megabytes = JSON.stringify(catalogue).length / 1e6;
  rows.push([
    name,
    shown(text.length / 1e6),
    String(catalogue.operations.length),
    shown(megabytes),
    shown(ms),
    shown(cpu),
    `${shown(late)}${late > 100 ? ' **(goal: 100)**' : ''}`,
  ]);
}
console.log(
  [
    machineLine(),
    table(['the description', 'MB', 'operations', 'catalogue, MB', 'read in, ms', 'CPU of the thread meanwhile, ms', 'event loop late at most, ms'], rows),
  ].join('\n\n'),
);
