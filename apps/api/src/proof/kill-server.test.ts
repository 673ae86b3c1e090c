/**
 * The real server, killed with SIGKILL again and again at moments that a seed decides, also while it starts and while it goes on with the runs of
 * the life before: every run that it accepted ends with all it was asked for, and what its journal had is not asked for again.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunStore } from '@switchyard/engine/adapters';
import { drawnFrom, seed, tries } from '@switchyard/engine/testing';
import { emptyWorkspace, type Flow, type JsonObject } from '@switchyard/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spawnSwitchyard, type SwitchyardProcess } from '../testing/switchyard-process.ts';
import { temporaryFolder } from '../testing/test-server.ts';

const kills = tries(4, 100);
const runsPerLife = 3;
const itemsPerRun = 12;
/** 6-safety: none is stuck longer after a restart. */
const longestAfterRestartMs = 10_000;
/** From the first answer of a server that was started again to the first call that it goes on with. */
const longestToResumeMs = 1000;

const flow: Flow = {
  format: 'switchyard.flow',
  version: 1,
  name: 'Many requests',
  nodes: {
    ask: { kind: 'input', config: { fields: { items: { type: 'array' } } } },
    all: { kind: 'map', config: { flow: 'each', concurrency: 3 } },
    reply: { kind: 'output', config: { fields: { got: {} } } },
  },
  links: [
    { from: 'ask.items', to: 'all.items' },
    { from: 'all.results', to: 'reply.got' },
  ],
  grants: [],
  flows: {
    each: {
      nodes: {
        item: { kind: 'input', config: { fields: { item: { type: 'string' } } } },
        get: { kind: 'http', config: { connection: 'api', operations: [{ name: 'get', description: 'One', method: 'GET', path: '/{{ item }}' }] } },
        got: { kind: 'output', config: { fields: { body: {} } } },
      },
      links: [
        { from: 'item.item', to: 'get.item' },
        { from: 'get.body', to: 'got.body' },
      ],
      grants: [],
    },
  },
};

let folder: ReturnType<typeof temporaryFolder>;
let service: Server;
/** Paths in the order in which they were asked for. */
let asked: string[];
let current: SwitchyardProcess | undefined;

beforeEach(async () => {
  folder = temporaryFolder();
  asked = [];
  service = createServer((request, response) => {
    const path = (request.url as string).slice(1);
    asked.push(path);
    setTimeout(() => response.setHeader('content-type', 'application/json').end(JSON.stringify(`${path}!`)), 5 + (path.length % 7) * 5);
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  writeFileSync(join(folder.path, 'workspace.json'), JSON.stringify({ ...emptyWorkspace(), connections: { api: { type: 'http', baseUrl } } }));
});

afterEach(async () => {
  current?.child.kill('SIGKILL');
  await current?.ended;
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
  folder.remove();
});

const data = () => join(folder.path, 'data');

function spawnServer(): SwitchyardProcess {
  const args = ['start', '--port', '0', '--no-open', '--data', data(), '--workspace', join(folder.path, 'workspace.json')];
  current = spawnSwitchyard(args, { home: folder.path });
  return current;
}

const addressOf = async (server: SwitchyardProcess) => (await server.printed(/^(http:\/\/\S+:\d+)\/#\S+\n/))[1] as string;

async function call(url: string, procedure: string, body: { query: object } | { change: object }): Promise<JsonObject> {
  const headers = { authorization: `Bearer ${readFileSync(join(data(), 'token'), 'utf8').trim()}`, 'x-switchyard': '1', 'content-type': 'application/json' };
  const response =
    'query' in body
      ? await fetch(`${url}/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(body.query))}`, { headers })
      : await fetch(`${url}/trpc/${procedure}`, { method: 'POST', headers, body: JSON.stringify(body.change) });
  return ((await response.json()) as { result: { data: JsonObject } }).result.data;
}

/** Runs by the texts that they were asked for. */
type Accepted = Map<string, string[]>;

/** One life: it takes runs until it is killed, some ms after it was started, or after it has begun to answer. */
async function live(life: number, death: { ms: number; isWhileStarting: boolean }, accepted: Accepted): Promise<void> {
  const server = spawnServer();
  const kill = () => setTimeout(() => server.child.kill('SIGKILL'), death.ms);
  if (death.isWhileStarting) kill();
  else void addressOf(server).then(kill, () => undefined);
  const take = async () => {
    const url = await addressOf(server);
    for (let number = 0; number < runsPerLife; number += 1) {
      const items = Array.from({ length: itemsPerRun }, (_, item) => `life${life}-run${number}-item${item}`);
      const { run } = await call(url, 'runs.start', { change: { flow, inputs: { items } } });
      accepted.set(run as string, items);
    }
  };
  // A server that dies before it has answered has accepted nothing.
  await Promise.all([take().catch(() => undefined), server.ended]);
}

/** What the journals have, by the path that was asked for; no server is alive. */
function recorded(accepted: Accepted): Set<string> {
  if (accepted.size === 0) return new Set();
  const store = new RunStore(join(data(), 'runs.db'));
  const results = [...accepted.keys()].flatMap((run) => store.recorded(run)).filter(({ completion }) => completion !== undefined);
  store.close();
  return new Set(results.map(({ result }) => String((result as JsonObject).body).slice(0, -1)));
}

test(
  `a server that is killed ${kills} times loses no run that it accepted and repeats nothing that it recorded`,
  async () => {
    const random = drawnFrom(seed);
    const accepted: Accepted = new Map();
    const repeated: string[] = [];
    for (let life = 0; life < kills; life += 1) {
      const kept = recorded(accepted);
      const before = asked.length;
      await live(life, { ms: random() * 500, isWhileStarting: random() < 0.25 }, accepted);
      repeated.push(...asked.slice(before).filter((path) => kept.has(path)));
    }
    const kept = recorded(accepted);
    const before = asked.length;
    const url = await addressOf(spawnServer());
    if ([...accepted.values()].flat().some((item) => !kept.has(item)))
      await expect.poll(() => asked.length, { timeout: longestToResumeMs, interval: 10 }).toBeGreaterThan(before);
    for (const [run, items] of accepted) {
      const status = async () => (await call(url, 'runs.get', { query: { run } })).status;
      await expect.poll(status, { timeout: longestAfterRestartMs, interval: 50 }).toBe('done');
      const { outputs } = await call(url, 'runs.get', { query: { run } });
      expect(outputs).toEqual({ got: items.map((item) => ({ body: `${item}!` })) });
    }
    repeated.push(...asked.slice(before).filter((path) => kept.has(path)));
    expect(repeated).toEqual([]);
    // Were none accepted, or all done before their server died, nothing would have been tried.
    expect(accepted.size).toBeGreaterThan(kills / 2);
    expect(asked.length).toBeGreaterThan(new Set(asked).size);
  },
  60_000 + kills * 10_000,
);
