/** Writes behind approvals, on real stores through the runner: nothing is written before a person agrees, and then exactly what they agreed to. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost } from '@switchyard/engine/adapters';
import { compile } from '@switchyard/engine/compile';
import { kinds } from '@switchyard/engine/nodes';
import { findPostgres, findRedis, startPostgres, startRedis, startScriptedModel, type ScriptedModel } from '@switchyard/engine/testing';
import { askOf, emptyRun, foldRun, type Answer, type Ask, type Connection, type Flow, type JsonObject, type RunView } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eachEvent } from './event-batches.ts';
import { createRunner } from './runner.ts';

if (!findPostgres()) process.stderr.write('PostgreSQL is not installed: the tests of approved writes to it are skipped.\n');
if (!findRedis()) process.stderr.write('Redis is not installed: the tests of approved writes to it are skipped.\n');

let model: ScriptedModel;
let folder: string;
beforeAll(async () => {
  model = await startScriptedModel([]);
  folder = mkdtempSync(join(tmpdir(), 'switchyard-writes-'));
});
afterAll(async () => {
  await model.close();
  rmSync(folder, { recursive: true });
});

interface Asked {
  ask: Ask;
  /** What the store held when the question was asked. */
  held: unknown;
}

interface Writes {
  store: { kind: string; config: JsonObject; connection: Connection };
  calls: { name: string; arguments: JsonObject }[];
  decide(ask: Ask): Answer;
  look(): Promise<unknown>;
}

/** A model calls the tools of `store`; each question gets the answer that `decide` makes of it, with its hash. */
async function run({ store, calls, decide, look }: Writes) {
  model.play([{ toolCalls: calls }, 'Done.']);
  const { kind, config, connection } = store;
  const flow: Flow = {
    format: 'switchyard.flow',
    version: 1,
    name: 'Writes',
    nodes: {
      given: { kind: 'input', config: { fields: { q: { type: 'string' } } } },
      boss: { kind: 'control', title: 'Planner', config: { model: 'm' } },
      store: { kind, title: 'The store', config: { connection: 'store', access: 'write', ...config } },
      reply: { kind: 'output', config: { fields: { answer: {} } } },
    },
    links: [
      { from: 'given.q', to: 'boss.request' },
      { from: 'boss.answer', to: 'reply.answer' },
    ],
    grants: [{ from: 'boss', to: 'store' }],
  };
  const workspace = { format: 'switchyard.workspace', version: 1, models: { m: model.model }, connections: { store: connection } } as const;
  const { plan, diagnostics } = compile(flow, workspace, kinds);
  if (!plan) throw new Error(JSON.stringify(diagnostics));
  const secrets = { get: () => undefined, values: () => [] };
  const host = createHost({ workspace: () => workspace, baseDirectory: folder, dataDirectory: folder, secrets, examples: {} });
  const runner = createRunner({ registry: kinds, host, redactor: () => (value) => value });
  const view: RunView = emptyRun();
  const asked: Asked[] = [];
  try {
    const { run: id } = await runner.start({ flow, plan, inputs: { q: 'Change it' } });
    for await (const event of eachEvent(runner.watch(id, -1, new AbortController().signal))) {
      foldRun(view, event);
      const ask = event.type === 'wait-start' ? askOf(event.until) : undefined;
      if (event.type !== 'wait-start' || !ask) continue;
      asked.push({ ask, held: await look() });
      await runner.answer(id, event.key, { ...decide(ask), ...(ask.hash !== undefined && { hash: ask.hash }) });
    }
  } finally {
    await runner.close();
    await host.close();
  }
  const told = model.requests.at(-1)?.body.messages.filter(({ role }) => role === 'tool') ?? [];
  return { view, asked, told: JSON.stringify(told) };
}

describe.skipIf(!findRedis())('on Redis', () => {
  test('a key is written once it is approved, as it was edited, and not where it was rejected', async () => {
    const server = await startRedis();
    const admin = server.connect();
    try {
      const store = { kind: 'keyvalue', config: { prefix: 'session:' }, connection: { type: 'redis', url: `redis://127.0.0.1:${server.port}/0` } as const };
      const set = (key: string, value: string) => ({ name: 'store_set', arguments: { key, value } });
      const decide = ({ arguments: given }: Ask): Answer => {
        const { key } = given as { key: string };
        if (key === 'session:no') return { choice: 'reject', reason: 'Not that one.' };
        return key === 'session:edit' ? { choice: 'edit', arguments: { key, value: 'mended' } } : { choice: 'approve' };
      };
      const { view, asked, told } = await run({
        store,
        calls: [set('session:yes', 'new'), set('session:edit', 'wrong'), set('session:no', 'never')],
        decide,
        look: () => admin.get('session:yes'),
      });
      expect(view).toMatchObject({ status: 'done', outputs: { answer: 'Done.' } });
      expect(asked.map(({ ask }) => ask.title)).toEqual(Array<string>(3).fill('Planner wants to call The store: set'));
      expect(asked[0]?.held).toBeNull();
      expect(await admin.mget('session:yes', 'session:edit', 'session:no')).toEqual(['new', 'mended', null]);
      expect(told).toContain('A person changed the arguments');
      expect(told).toContain('Not that one.');
    } finally {
      admin.disconnect();
      await server.stop();
    }
  }, 60_000);
});

describe.skipIf(!findPostgres())('on PostgreSQL', () => {
  test('a statement is made once it is approved, as it was shown, and not where it was rejected', async () => {
    const server = await startPostgres();
    const url = new URL(await server.createDatabase());
    const admin = await server.connect(url.href);
    try {
      await admin.query(`CREATE TABLE orders (id int PRIMARY KEY, status text); INSERT INTO orders VALUES (7, 'open'), (8, 'open')`);
      const held = async () => (await admin.query('SELECT id, status FROM orders ORDER BY id')).rows as unknown;
      const connection = { type: 'postgres', url: `postgres://${url.host}${url.pathname}`, username: 'switchyard' } as const;
      const query = (sql: string) => ({ name: 'store_query', arguments: { sql } });
      const [cancel, wipe] = [`UPDATE orders SET status = 'cancelled' WHERE id = 7`, 'DELETE FROM orders'];
      const decide = ({ arguments: given }: Ask): Answer =>
        (given as { sql: string }).sql === cancel ? { choice: 'approve' } : { choice: 'reject', reason: 'Never all of them.' };
      const { view, asked, told } = await run({ store: { kind: 'sql', config: {}, connection }, calls: [query(cancel), query(wipe)], decide, look: held });
      expect(view).toMatchObject({ status: 'done', outputs: { answer: 'Done.' } });
      expect(asked.map(({ ask }) => ask.arguments)).toEqual([{ sql: cancel }, { sql: wipe }]);
      expect(asked[0]?.held).toEqual([
        { id: 7, status: 'open' },
        { id: 8, status: 'open' },
      ]);
      expect(await held()).toEqual([
        { id: 7, status: 'cancelled' },
        { id: 8, status: 'open' },
      ]);
      expect(told).toContain('Never all of them.');
    } finally {
      await admin.end();
      await server.stop();
    }
  }, 60_000);
});
