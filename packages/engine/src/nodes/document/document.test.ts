/** The kind `document` on a server that speaks MongoDB's protocol: what is asked, what is refused before anything is sent, its bounds, and a server that is not well. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Json, JsonObject } from '@switchyard/shared';
import { BSON } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, failureOf } from '../../adapters/testing/host-bench.ts';
import { startDocuments, wrong, type DocumentServer } from '../../testing/servers/mongodb-server.ts';
import { RoomBench } from '../../testing/room-bench.ts';

let bench: RoomBench;
let server: DocumentServer;

beforeEach(async () => {
  bench = new RoomBench('document');
  server = await startDocuments();
  connect();
  server.collections.set('orders', [
    { _id: new BSON.ObjectId('65a000000000000000000001'), customer: 'Ada', city: 'Ghent', total: 40, state: 'open', placed: new Date('2026-01-05T08:00:00Z') },
    { _id: new BSON.ObjectId('65a000000000000000000002'), customer: 'Ben', city: 'Lyon', total: 25.5, state: 'sent', placed: new Date('2026-02-01T08:00:00Z') },
    { _id: new BSON.ObjectId('65a000000000000000000003'), customer: 'Ada', city: 'Ghent', total: 5, state: 'open', placed: new Date('2026-03-01T08:00:00Z') },
  ]);
  server.collections.set('customers', [{ _id: 1, name: 'Ada' }]);
  server.collections.set('salaries', [{ _id: 1, name: 'Ada', salary: 1 }]);
});
afterEach(async () => {
  await bench.close();
  await server.stop();
});

function connect(more: JsonObject = {}) {
  bench.connections.shop = { type: 'mongodb', url: `mongodb://127.0.0.1:${server.port}/shop`, ...more };
}

async function act<T extends Json = JsonObject>(action: string, args: JsonObject, effect: 'read' | 'write' = 'read', timeoutMs = 18_000): Promise<T> {
  return await ask<T>(await bench.host(), 'connect', { connection: 'shop', action, arguments: args }, { effect, timeoutMs });
}
const code = async (promise: Promise<unknown>) => (await failureOf(promise)).code;

describe('reads', () => {
  test('documents by a filter, with their types, in order', async () => {
    const found = await act('find', { collection: 'orders', filter: { customer: 'Ada' }, sort: { placed: -1 }, projection: { placed: 1, total: 1 } });
    expect(found).toEqual({
      documents: [
        { _id: { $oid: '65a000000000000000000003' }, total: 5, placed: { $date: '2026-03-01T08:00:00Z' } },
        { _id: { $oid: '65a000000000000000000001' }, total: 40, placed: { $date: '2026-01-05T08:00:00Z' } },
      ],
    });
    expect(await act('find', { collection: 'orders', filter: { _id: { $oid: '65a000000000000000000002' } } })).toMatchObject({
      documents: [{ customer: 'Ben' }],
    });
    expect(await act('find', { collection: 'orders', filter: { placed: { $gte: { $date: '2026-02-15T00:00:00Z' } } } })).toMatchObject({
      documents: [{ total: 5 }],
    });
    expect(await act('find', { collection: 'none' })).toEqual({ documents: [] });
    expect(server.named('find')[0]).toMatchObject({ $db: 'shop', limit: 101, maxTimeMS: expect.any(Number) as number });
  });

  test('counts, values and groups', async () => {
    expect(await act('count', { collection: 'orders', filter: { total: { $gt: 10 } } })).toEqual({ count: 2 });
    expect(await act('count', { collection: 'none' })).toEqual({ count: 0 });
    expect(await act('distinct', { collection: 'orders', field: 'city' })).toEqual({ values: ['Ghent', 'Lyon'] });
    const pipeline = [{ $match: { state: 'open' } }, { $group: { _id: '$city', sold: { $sum: '$total' } } }];
    expect(await act('aggregate', { collection: 'orders', pipeline })).toEqual({ documents: [{ _id: 'Ghent', sold: 45 }] });
    const lookup = [{ $lookup: { from: 'customers', localField: 'customer', foreignField: 'name', as: 'who' } }, { $limit: 1 }];
    expect(await act('aggregate', { collection: 'orders', pipeline: lookup })).toMatchObject({ documents: [{ who: [{ _id: 1 }] }] });
  });

  test('values of every type, none of which loses digits', async () => {
    server.collections.set('types', [
      {
        _id: BSON.Long.fromString('9007199254740993'),
        decimal: BSON.Decimal128.fromString('12.50'),
        bytes: new BSON.Binary(Buffer.from([0, 255])),
        nothing: null,
        endless: Number.POSITIVE_INFINITY,
        list: [{ at: new Date(0) }],
        pattern: /a/i,
      },
    ]);
    expect(await act('find', { collection: 'types' })).toEqual({
      documents: [
        {
          _id: { $numberLong: '9007199254740993' },
          decimal: { $numberDecimal: '12.50' },
          bytes: { $binary: { base64: 'AP8=', subType: '00' } },
          nothing: null,
          endless: { $numberDouble: 'Infinity' },
          list: [{ at: { $date: '1970-01-01T00:00:00Z' } }],
          pattern: { $regularExpression: { pattern: 'a', options: 'i' } },
        },
      ],
    });
    expect(await act('count', { collection: 'types', filter: { _id: { $numberLong: '9007199254740993' } } })).toEqual({ count: 1 });
  });

  test('nothing of a filter is lost on its way, whatever the driver would take it for', async () => {
    const filter = { customer: { $regex: '^A', $options: 'i', $ne: 'Ada' }, total: { $gt: 1, $date: 1 }, city: { $in: ['Ghent'] }, $comment: 'x' };
    server.answers.set('find', { cursor: { id: BSON.Long.ZERO, ns: 'shop.orders', firstBatch: [] }, ok: 1 });
    await act('find', { collection: 'orders', filter });
    expect(server.named('find')[0]?.filter).toEqual(filter);
  });

  test('no more than may be given, and says so; the cursor is closed at the server', async () => {
    server.collections.set(
      'many',
      Array.from({ length: 1500 }, (_, index) => ({ _id: index, text: 'x'.repeat(2000) })),
    );
    const some = await act<{ documents: Json[]; truncated?: true }>('find', { collection: 'many', limit: 5 });
    expect([some.documents.length, some.truncated]).toEqual([5, true]);
    const most = await act<{ documents: Json[]; truncated?: true }>('aggregate', { collection: 'many', pipeline: [], limit: 1000 });
    expect(most.truncated).toBe(true);
    expect(JSON.stringify(most.documents).length).toBeLessThan(1_000_000);
    expect(most.documents.length).toBeGreaterThan(400);
    expect(server.openCursors).toBe(0);
    expect(server.named('getMore').length).toBeLessThan(10);
    expect(await code(act('find', { collection: 'many', limit: 1001 }))).toBe('request-invalid');
    server.collections.set('huge', [{ _id: 1, text: 'x'.repeat(1_100_000) }]);
    expect(await code(act('find', { collection: 'huge' }))).toBe('document-too-large');
    expect(await act('distinct', { collection: 'many', field: '_id' })).toMatchObject({ truncated: true, size: 1500 });
  });
});

describe('refuses before anything is sent', () => {
  const find = (filter: JsonObject): [string, JsonObject] => ['find', { collection: 'orders', filter }];
  const aggregate = (...pipeline: JsonObject[]): [string, JsonObject] => ['aggregate', { collection: 'orders', pipeline }];
  const join = (pipeline: Json) => aggregate({ $lookup: { from: 'customers', as: 'x', pipeline } });

  test.each<[string, [string, JsonObject]]>([
    ['a stage that writes', aggregate({ $out: 'orders' })],
    ['a stage that writes, by its other name', aggregate({ $merge: { into: 'orders' } })],
    ['a stage that writes, within a join', join([{ $out: 'orders' }])],
    ['a stage that writes, within a facet', aggregate({ $facet: { a: [{ $merge: 'orders' }] } })],
    ['a stage that writes, within a union', aggregate({ $unionWith: { coll: 'orders', pipeline: [{ $out: 'x' }] } })],
    ['a stage that writes, as a second name', aggregate({ $match: {}, $out: 'orders' })],
    ['a stage of the server', aggregate({ $currentOp: {} })],
    ['a stage that is not known', aggregate({ $changeStream: {} })],
    ['a stage without a name', aggregate({})],
    ['a pipeline that is none', join({ $match: {} })],
    ['a facet that is none', aggregate({ $facet: [] as Json } as JsonObject)],
    ['a join with a collection of another database', aggregate({ $lookup: { from: { db: 'admin', coll: 'x' }, as: 'x' } })],
    ['a collection of the server', ['find', { collection: 'system.users' }]],
    ['a command as a collection', ['find', { collection: '$cmd' }]],
    ['JavaScript', find({ $where: 'sleep(1000)' })],
    ['JavaScript, deep', find({ $and: [{ $expr: { $function: { body: 'x', args: [], lang: 'js' } } }] })],
    ['JavaScript in a group', aggregate({ $group: { _id: null, x: { $accumulator: {} } } })],
    ['JavaScript as a value', find({ a: { $code: 'x' } })],
    ['JavaScript in a projection', ['find', { collection: 'orders', projection: { x: { $function: {} } } }]],
    ["a value of the driver's own", find({ a: { _bsontype: 'Code', code: 'x' } })],
    ['a prototype', find(JSON.parse('{ "a": { "__proto__": { "b": 1 } } }') as JsonObject)],
    ['what is nested without end', find(JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`) as JsonObject)],
  ])('%s', async (_, [action, args]) => {
    expect(await code(act(action, args, 'write'))).toBe('document-refused');
    expect(server.commands.filter((command) => 'find' in command || 'aggregate' in command)).toEqual([]);
  });

  test.each(['command', 'drop', 'mapReduce', 'constructor'])('an action %s', async (action) => {
    expect(await code(act(action, {}, 'write'))).toBe('action-unknown');
  });

  test('an id or a moment that is none', async () => {
    for (const value of [{ $oid: 'x' }, { $date: 'yesterday' }, { $date: { $numberLong: 'x' } }, { $numberDecimal: 'x' }])
      expect(await code(act('find', { collection: 'orders', filter: { a: value as unknown as Json } })), JSON.stringify(value)).toBe('request-invalid');
    expect(server.named('find')).toEqual([]);
  });

  test('a collection that was not granted, also by a join', async () => {
    const within = ['orders'];
    expect(await code(act('find', { collection: 'salaries', within }))).toBe('collection-not-granted');
    for (const stage of [
      { $lookup: { from: 'salaries', localField: 'customer', foreignField: 'name', as: 'x' } },
      { $graphLookup: { from: 'salaries', startWith: '$customer', connectFromField: 'a', connectToField: 'b', as: 'x' } },
      { $unionWith: 'salaries' },
      { $unionWith: { coll: 'salaries' } },
      { $facet: { a: [{ $unionWith: 'salaries' }] } },
      { $lookup: { from: 'orders', as: 'x', pipeline: [{ $unionWith: 'salaries' }] } },
    ])
      expect(await code(act('aggregate', { collection: 'orders', pipeline: [stage as unknown as Json], within })), JSON.stringify(stage)).toBe(
        'collection-not-granted',
      );
    expect(server.named('aggregate')).toEqual([]);
  });
});

describe('writes', () => {
  test('only where the call may write', async () => {
    for (const [action, args] of [
      ['insert', { documents: [{ _id: 9 }] }],
      ['update', { filter: { _id: 9 }, update: { $set: { a: 1 } } }],
      ['remove', { filter: { _id: 9 } }],
    ] as const)
      expect(await code(act(action, { collection: 'orders', ...args } as unknown as JsonObject)), action).toBe('access-read-only');
    expect(server.commands).toEqual([]);
  });

  test('documents, and tells what was done', async () => {
    expect(
      await act('insert', { collection: 'notes', documents: [{ _id: 'a', text: 'x' }, { at: { $date: '2026-01-01T00:00:00Z' } }] }, 'write'),
    ).toMatchObject({
      ids: ['a', { $oid: expect.stringMatching(/^[0-9a-f]{24}$/) as string }],
    });
    expect(server.collections.get('notes')?.[1]?.at).toEqual(new Date('2026-01-01T00:00:00Z'));
    expect(await act('update', { collection: 'orders', filter: { customer: 'Ada' }, update: { $set: { state: 'sent' } } }, 'write')).toEqual({
      matched: 1,
      changed: 1,
    });
    expect(await act('update', { collection: 'orders', filter: { customer: 'Ada' }, update: { $set: { state: 'gone' } }, many: true }, 'write')).toMatchObject({
      matched: 2,
    });
    expect(await act('remove', { collection: 'orders', filter: { state: 'gone' } }, 'write')).toEqual({ removed: 1 });
    expect(await act('remove', { collection: 'orders', filter: { state: 'gone' }, many: true }, 'write')).toEqual({ removed: 1 });
  });

  test('nothing that means everything, replaces documents or is a pipeline', async () => {
    const refused = (action: string, args: JsonObject) => code(act(action, { collection: 'orders', ...args }, 'write'));
    expect(await refused('remove', { filter: {}, many: true })).toBe('document-refused');
    expect(await refused('update', { filter: {}, update: { $set: { a: 1 } } })).toBe('document-refused');
    expect(await refused('update', { filter: { a: 1 }, update: { a: 1 } })).toBe('document-refused');
    expect(await refused('update', { filter: { a: 1 }, update: {} })).toBe('document-refused');
    expect(await refused('update', { filter: { a: 1 }, update: [{ $set: { a: 1 } }] })).toBe('request-invalid');
    expect(await refused('remove', { filter: { $where: 'true' } })).toBe('document-refused');
    expect(server.commands).toEqual([]);
  });

  test('whose outcome is not known where the way to the server is lost', async () => {
    server.dropped.add('insert');
    expect(await failureOf(act('insert', { collection: 'notes', documents: [{ _id: 1 }] }, 'write'))).toMatchObject({
      code: 'outcome-unknown',
      retry: 'never',
    });
    expect(server.named('insert')).toHaveLength(1);
  });
});

describe('a server', () => {
  test('that wants a user gets the proof of a password, and never the password', async () => {
    await server.stop();
    server = await startDocuments({ name: 'reader', password: 'a-password' });
    bench.secrets.MONGO = 'a-password';
    connect({ username: 'reader', password: { secret: 'MONGO' } });
    server.collections.set('orders', [{ _id: 1 }]);
    expect(await act('find', { collection: 'orders' })).toEqual({ documents: [{ _id: 1 }] });
    expect(server.named('saslStart')).toHaveLength(1);
    expect(JSON.stringify(server.commands)).not.toContain('a-password');
    bench.secrets.MONGO = 'wrong';
    expect(await code(act('find', { collection: 'orders' }))).toBe('connection-denied');
    connect();
    expect(await code(act('find', { collection: 'orders' }))).toBe('connection-denied');
  });

  test('is tried out by its collections', async () => {
    const host = await bench.host();
    const check = () => host.checkConnection('shop', { signal: new AbortController().signal, timeoutMs: 5000, onDelta: () => undefined });
    expect(await check()).toBe('It answers and has 3 collections.');
    server.answers.set('listCollections', wrong(13, 'Unauthorized', 'not authorized on shop'));
    expect((await failureOf(check())).code).toBe('connection-denied');
  });

  test.each([
    [50, 'timeout', 'never'],
    [13_435, 'connection-invalid', 'never'],
    [189, 'connection-busy', 'policy'],
    [2, 'action-failed', 'never'],
  ])('that answers with error %i', async (number, expected, retry) => {
    server.answers.set('find', wrong(number, 'Wrong', 'the server said so'));
    expect(await failureOf(act('find', { collection: 'orders' }))).toMatchObject({ code: expected, retry });
  });

  test('that breaks a duplicate key says which rule', async () => {
    server.answers.set('insert', { ok: 1, n: 0, writeErrors: [{ index: 0, code: 11_000, errmsg: 'E11000 duplicate key error' }] });
    expect(await code(act('insert', { collection: 'orders', documents: [{ _id: 1 }] }, 'write'))).toBe('document-constraint');
  });

  test('that is gone is told as unreachable at once, and may be tried again', async () => {
    bench.connections.shop = { type: 'mongodb', url: 'mongodb://127.0.0.1:1/shop' };
    expect(await failureOf(act('find', { collection: 'orders' }, 'write'))).toMatchObject({ code: 'connection-unreachable', retry: 'policy' });
  });

  test('that does not answer a query is given up in time, its sockets closed, and the next call served', async () => {
    server.ignored.add('find');
    expect(await code(act('find', { collection: 'orders' }, 'read', 400))).toBe('timeout');
    await expect.poll(() => server.sockets).toBe(0);
    server.ignored.clear();
    expect(await act('count', { collection: 'orders' })).toEqual({ count: 3 });
  });

  test('that never answers at all is given up in time', async () => {
    const silent = createServer((socket) => socket.resume());
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const heard = once(silent, 'connection') as Promise<[Socket]>;
    bench.connections.shop = { type: 'mongodb', url: `mongodb://127.0.0.1:${(silent.address() as AddressInfo).port}/shop` };
    expect(await code(act('find', { collection: 'orders' }, 'read', 300))).toBe('timeout');
    (await heard)[0].destroy();
    await new Promise((resolve) => silent.close(resolve));
  });

  test('whose name leads to an address that may not be reached is refused', async () => {
    bench.connections.shop = { type: 'mongodb', url: 'mongodb://db.example/shop' };
    const host = await bench.host({ resolve: async () => [{ address: '169.254.169.254', family: 4 }] });
    expect(await code(ask(host, 'connect', { connection: 'shop', action: 'find', arguments: { collection: 'a' } }))).toBe('egress-refused');
  });
});

test('its catalogue tells fields, types and the few values that there are', async () => {
  server.collections.set('orders', [
    { _id: 1, state: 'open', total: 4, address: { city: 'Ghent' }, lines: [{ item: 'lamp' }] },
    { _id: 2, state: 'open', total: '4', note: 'x', address: { city: 'Lyon' }, lines: [] },
    { _id: 3, state: 'sent', total: 1, address: { city: 'Ghent' } },
    { _id: 4, state: 'sent', total: null, address: { city: 'Ghent' } },
  ]);
  server.collections.set('system.views', []);
  const { collections } = await ask<{ collections: { name: string; fields: Json }[] }>(await bench.host(), 'catalogue', { connection: 'shop' });
  expect(collections.map(({ name }) => name)).toEqual(['customers', 'orders', 'salaries']);
  expect(collections[1]).toEqual({
    name: 'orders',
    documents: 4,
    documentsAre: 'about',
    fields: [
      { name: '_id', types: ['number'] },
      { name: 'state', types: ['string'], values: ['open', 'sent'] },
      { name: 'total', types: ['null', 'number', 'string'] },
      { name: 'address', types: ['object'] },
      { name: 'address.city', types: ['string'], values: ['Ghent', 'Lyon'] },
      { name: 'lines', types: ['array'], in: 0.5 },
      { name: 'lines.item', types: ['string'] },
      { name: 'note', types: ['string'], in: 0.25 },
    ],
  });
});

test('its catalogue ends, though the server has always more: documents, long ones, or names', async () => {
  const more = (each: Record<string, unknown>[]) => {
    const rest = { id: BSON.Long.fromNumber(7), ns: 'shop.orders' };
    server.answers.set('find', { ok: 1, cursor: { ...rest, firstBatch: each } });
    server.answers.set('getMore', { ok: 1, cursor: { ...rest, nextBatch: each } });
  };
  const read = async () => {
    server.commands.length = 0;
    const { collections } = await ask<{ collections: { name: string; fields?: Json }[] }>(await bench.host(), 'catalogue', { connection: 'shop' });
    return { first: collections[0], length: collections.length, batches: server.named('getMore').length };
  };
  server.collections.clear();
  server.collections.set('orders', []);
  more([{ a: 1 }, { a: 2 }]);
  expect(await read()).toMatchObject({ first: { name: 'orders', fields: [{ name: 'a', types: ['number'] }] }, batches: 24 });
  more([{ a: 'x'.repeat(3_000_000) }]);
  expect(await read()).toMatchObject({ first: { name: 'orders', fields: [{ name: 'a', types: ['string'] }] }, batches: 1 });
  const names = Array.from({ length: 1000 }, (_, index) => ({ name: `c${index}`, type: 'collection' }));
  server.answers.set('listCollections', { ok: 1, cursor: { id: BSON.Long.fromNumber(8), ns: 'shop.$cmd.listCollections', firstBatch: names } });
  more(names);
  expect((await read()).length).toBe(100);
});

describe('document', () => {
  const config = { connection: 'shop', collections: ['orders'], arguments: { collection: 'orders', filter: { customer: '{{ customer }}' } } };

  test('as a step fills its arguments by values, never by operators', async () => {
    expect(Object.keys(bench.ports(config).inputs)).toEqual(['customer']);
    expect((await bench.runStep(config, { customer: 'Ben' })).outputs).toMatchObject({ value: [{ customer: 'Ben' }] });
    expect((await bench.runStep(config, { customer: { $ne: '' } })).failure?.code).toBe('value-not-plain');
    expect((await bench.runStep(config, { customer: [{ a: { $gt: '' } }] })).failure?.code).toBe('value-not-plain');
    expect((await bench.runStep(config, { customer: '{"$ne":""}' })).outputs).toEqual({ value: [], truncated: false });
    const byId = { ...config, arguments: { collection: 'orders', filter: { _id: '{{ id }}' } } };
    expect((await bench.runStep(byId, { id: { $oid: '65a000000000000000000002' } })).outputs).toMatchObject({ value: [{ customer: 'Ben' }] });
    const wider = { collection: 'orders', pipeline: [{ $unionWith: 'salaries' }], within: ['orders', 'salaries'] };
    expect((await bench.runStep({ connection: 'shop', collections: ['orders'], action: 'aggregate', arguments: wider }, {})).failure?.code).toBe(
      'collection-not-granted',
    );
  });

  test('offers what its access allows, and no way to widen it', () => {
    const operations = (access: string) => bench.operations({ connection: 'shop', access });
    expect(operations('read').map(({ name, effect }) => `${name} ${effect}`)).toEqual(['find read', 'aggregate read', 'count read', 'distinct read']);
    expect(
      operations('write')
        .slice(4)
        .map(({ name, effect }) => `${name} ${effect}`),
    ).toEqual(['insert write', 'update write', 'remove write']);
    for (const { input } of operations('write')) {
      expect(input.additionalProperties).toBe(false);
      expect(Object.keys(input.properties as JsonObject)).not.toContain('within');
    }
  });

  test('tells what is wrong with its settings', () => {
    expect(bench.problems({ ...config, action: 'remove' })[0]).toContain('access');
    expect(bench.problems({ ...config, arguments: { collection: '{{ c }}' } })[0]).toContain('no collection');
    expect(bench.problems({ ...config, arguments: { collection: 'salaries' } })[0]).toContain('not among');
    expect(bench.problems({ ...config, arguments: { collection: 'orders', filter: { a: '{{ }' } } })[0]).toContain('arguments');
    expect(bench.problems(config)).toEqual([]);
  });
});
