/** The control loop over the real protocols: a model server, an HTTP API and an SQLite file, all real, on loopback. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createHost, type ClosableHost } from '@switchyard/engine/adapters';
import { compile } from '@switchyard/engine/compile';
import { kinds } from '@switchyard/engine/nodes';
import { startScriptedModel, type ScriptedModel } from '@switchyard/engine/testing';
import { emptyRun, foldRun, type Flow, type Limits, type RunView, type Workspace } from '@switchyard/shared';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eachEvent } from './event-batches.ts';
import { createRunner } from './runner.ts';

let folder: string;
let model: ScriptedModel;
let api: Server;
let host: ClosableHost;
let workspace: Workspace;
/** What the API does with a request; set by each test. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-loop-'));
  const database = new DatabaseSync(join(folder, 'shop.db'));
  database.exec(`CREATE TABLE orders (id INTEGER PRIMARY KEY, parcel TEXT); INSERT INTO orders VALUES (7, 'P-7');`);
  database.close();
  model = await startScriptedModel([]);
  api = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  workspace = {
    format: 'switchyard.workspace',
    version: 1,
    models: { m: model.model },
    connections: { shop: { type: 'sqlite', url: 'file:shop.db' }, api: { type: 'http', baseUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}` } },
  };
  host = createHost({
    workspace: () => workspace,
    baseDirectory: folder,
    dataDirectory: folder,
    secrets: { get: () => undefined, values: () => [] },
    examples: {},
  });
});

afterAll(async () => {
  await host.close();
  await model.close();
  api.closeAllConnections();
  await new Promise((resolve) => api.close(resolve));
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  answer = (request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ parcel: request.url?.split('/').at(-1), where: 'Bremen' }));
});

async function run(limits: Limits = {}): Promise<RunView> {
  const flow: Flow = {
    format: 'switchyard.flow',
    version: 1,
    name: 'Loop',
    nodes: {
      ask: { kind: 'input', config: { fields: { q: { type: 'string' } } } },
      boss: { kind: 'control', config: { model: 'm' } },
      orders: { kind: 'sql', config: { connection: 'shop' } },
      carrier: {
        kind: 'http',
        config: { connection: 'api', operations: [{ name: 'track', description: 'Where a parcel is', method: 'GET', path: '/parcels/{{parcel}}' }] },
      },
      reply: { kind: 'output', config: { fields: { answer: { type: 'string' } } } },
    },
    links: [
      { from: 'ask.q', to: 'boss.request' },
      { from: 'boss.answer', to: 'reply.answer' },
    ],
    grants: [
      { from: 'boss', to: 'orders' },
      { from: 'boss', to: 'carrier' },
    ],
    limits,
  };
  const { plan, diagnostics } = compile(flow, workspace, kinds);
  if (!plan) throw new Error(JSON.stringify(diagnostics));
  const runner = createRunner({ registry: kinds, host, redactor: () => (value) => value });
  const view = emptyRun();
  const { run: id } = await runner.start({ flow, plan, inputs: { q: 'Where is order 7?' } });
  for await (const event of eachEvent(runner.watch(id, -1, new AbortController().signal))) foldRun(view, event);
  await runner.close();
  return view;
}

const query = (sql: string) => ({ name: 'orders_query', arguments: { sql } });
const track = (parcel: string) => ({ name: 'carrier_track', arguments: { parcel } });
const toolMessages = (index: number) => model.requests[index]?.body.messages.filter(({ role }) => role === 'tool') ?? [];

describe('the control loop over the real protocols', () => {
  test('makes the calls it is told, two of one turn overlap in time, results go back, usage is counted', async () => {
    model.play([
      {
        text: 'First the order.',
        toolCalls: [query('SELECT parcel FROM orders WHERE id = 7'), track('P-7'), track('P-8')],
        usage: { inputTokens: 100, outputTokens: 20 },
      },
      { text: 'It is in Bremen.', usage: { inputTokens: 150, outputTokens: 5 } },
    ]);
    let both: (() => void) | undefined;
    const bothHere = new Promise<void>((resolve) => {
      both = resolve;
    });
    let here = 0;
    // Neither is answered before both are asked: were they made one after the other, this would never end.
    answer = (request, response) => {
      here += 1;
      if (here === 2) both?.();
      void bothHere.then(() => response.setHeader('content-type', 'application/json').end(JSON.stringify({ path: request.url })));
    };
    const view = await run();
    expect(view).toMatchObject({
      status: 'done',
      outputs: { answer: 'It is in Bremen.' },
      usage: { modelCalls: 2, toolCalls: 3, inputTokens: 250, outputTokens: 25 },
    });
    expect(toolMessages(1)).toHaveLength(3);
    expect(JSON.stringify(toolMessages(1))).toContain('P-7');
    const [left, right] = ['0', '1'].map((index) => view.calls.get(`boss#t1.carrier.track.${index}`));
    expect(Math.max(left?.startedAt ?? 0, right?.startedAt ?? 0)).toBeLessThanOrEqual(Math.min(left?.endedAt ?? 0, right?.endedAt ?? 0));
    expect(view.calls.get('boss#t2.model')?.text).toBe('It is in Bremen.');
    expect(view.calls.get('boss#t1.orders.query.0')?.result).toMatchObject({ rows: [{ parcel: 'P-7' }] });
  });

  test('the catalogue of the database is shown to the model', async () => {
    model.play(['Hello.']);
    await run();
    expect(JSON.stringify(model.requests[0]?.body.messages[0])).toContain('parcel');
  });

  test('a wrong statement is told to the model, which mends it', async () => {
    model.play([{ toolCalls: [query('SELECT parcels FROM orders')] }, { toolCalls: [query('SELECT parcel FROM orders')] }, 'P-7.']);
    const view = await run();
    expect(view.outputs).toEqual({ answer: 'P-7.' });
    expect(view.calls.get('boss#t1.orders.query.0')?.failure?.code).toBe('sql-invalid');
    expect(JSON.stringify(toolMessages(1))).toContain('sql-invalid');
  });

  test('a statement that writes is refused, and the file is as it was', async () => {
    model.play([{ toolCalls: [query(`UPDATE orders SET parcel = 'x'`), query('SELECT 1; DROP TABLE orders')] }, 'No.']);
    const view = await run();
    expect([...view.calls.values()].filter(({ kind }) => kind === 'query').map(({ status }) => status)).toEqual(['failed', 'failed']);
    const database = new DatabaseSync(join(folder, 'shop.db'), { readOnly: true });
    expect(database.prepare('SELECT parcel FROM orders').all()).toEqual([{ parcel: 'P-7' }]);
    database.close();
  });

  test('an API that answers 500 is tried again, then told to the model', async () => {
    model.play([{ toolCalls: [track('P-7')] }, 'The carrier is down.']);
    answer = (_, response) => response.writeHead(500).end('broken');
    const view = await run();
    expect(view.outputs).toEqual({ answer: 'The carrier is down.' });
    expect(view.calls.get('boss#t1.carrier.track.0')).toMatchObject({ attempt: 3, failure: { code: 'http-status' } });
  });

  test('an API that never answers cannot hold the run beyond its limit', async () => {
    model.play([{ toolCalls: [track('P-7')] }]);
    answer = () => undefined;
    expect(await run({ seconds: 0.5 })).toMatchObject({ status: 'failed', failure: { code: 'limit-seconds' } });
  });

  test('a model endpoint that refuses ends the run with its typed failure', async () => {
    model.play([{ status: 401, body: { error: { message: 'no such key' } } }]);
    expect(await run()).toMatchObject({ status: 'failed', failure: { code: 'model-refused', node: 'boss', message: expect.stringContaining('no such key') } });
  });

  test('a stream that is cut is tried again', async () => {
    model.play([{ text: 'It is in Bre men now', fault: 'cut' }, 'It is in Bremen.']);
    const view = await run();
    expect(view.outputs).toEqual({ answer: 'It is in Bremen.' });
    expect(view.calls.get('boss#t1.model')).toMatchObject({ attempt: 2, text: 'It is in Bremen.' });
  });

  test('arguments that do not fit are mended by the model, visible in the trace', async () => {
    model.play([{ toolCalls: [{ name: 'carrier_track', arguments: { number: 7 } }] }, { toolCalls: [track('P-7')] }, 'Bremen.']);
    const view = await run();
    expect(view.outputs).toEqual({ answer: 'Bremen.' });
    expect(JSON.stringify(view.calls.get('boss#t2.model')?.request)).toContain('arguments-invalid');
  });
});
