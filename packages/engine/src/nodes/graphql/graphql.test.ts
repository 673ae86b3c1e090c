/** The kind `graphql` against a real GraphQL server. */
import { buildSchema, execute, parse, validate } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';
import type { Flow, GraphqlCatalogue, Json, JsonObject } from '@switchyard/shared';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, failureOf } from '../../adapters/testing/host-bench.ts';
import { compile } from '../../compile/compile.ts';
import type { Context } from '../../node.ts';
import { RoomBench } from '../../testing/room-bench.ts';
import { kinds } from '../index.ts';

let bench = new RoomBench('graphql');
afterEach(async () => {
  await bench.close();
  bench = new RoomBench('graphql');
});

const schema = buildSchema(`
  enum State { open sent }
  input Filter { state: State!, most: Int }
  type Customer { name: String, orders: [Order] }
  type Order { id: ID!, state: State, customer: Customer, log(days: Int!): String }
  type Query { "One order" order(id: ID!): Order, orders(filter: Filter): [Order], fails: String }
  type Mutation { ship(id: ID!): Order }
`);

async function shop() {
  const shipped: string[] = [];
  const order = (id: string) => ({ id, state: 'open', customer: { name: 'Ada', orders: [] } });
  const rootValue = {
    order: ({ id }: { id: string }) => order(id),
    orders: () => [order('1'), order('2')],
    fails: () => {
      throw new Error('no stock');
    },
    ship: ({ id }: { id: string }) => {
      shipped.push(id);
      return order(id);
    },
  };
  // The tests may load another copy of graphql than the handler does: it works with this one's.
  const handler = createHandler({
    schema,
    rootValue,
    parse: (source) => parse(source),
    validate: (against, document) => validate(against, document),
    execute: (args) => execute(args),
  });
  const url = await bench.serve(handler as never);
  bench.connections.shop = { type: 'graphql', url: `${url}/graphql` };
  return shipped;
}

test('introspection becomes operations, and each of their documents runs', async () => {
  const shipped = await shop();
  const host = await bench.host();
  const { operations } = await ask<GraphqlCatalogue>(host, 'catalogue', { connection: 'shop' });
  expect(operations.map(({ name, effect }) => [name, effect])).toEqual([
    ['order', 'read'],
    ['orders', 'read'],
    ['fails', 'read'],
    ['ship', 'write'],
  ]);
  expect(operations[1]?.input).toMatchObject({
    properties: { filter: { properties: { state: { enum: ['open', 'sent'] } }, required: ['state'] } },
    required: [],
  });
  const run = (index: number, variables: object, effect: 'read' | 'write') =>
    ask(host, 'connect', { connection: 'shop', action: 'run', arguments: { document: operations[index]?.document, variables } }, { effect });
  expect(await run(0, { id: '") { id } x: order(id: "9' }, 'read')).toMatchObject({
    order: { id: '") { id } x: order(id: "9', state: 'open', customer: { name: 'Ada' } },
  });
  expect(await run(1, { filter: { state: 'open' } }, 'read')).toMatchObject({ orders: [{ id: '1' }, { id: '2' }] });
  expect((await failureOf(run(2, {}, 'read'))).message).toContain('no stock');
  expect((await failureOf(run(3, { id: '1' }, 'read'))).code).toBe('query-refused');
  expect(shipped).toEqual([]);
  await run(3, { id: '1' }, 'write');
  expect(shipped).toEqual(['1']);
});

const deep = (levels: number) => 'query { order(id: 1) '.concat('{ customer { orders '.repeat(levels), '{ id }', ' } }'.repeat(levels), ' }');

test.each([
  ['mutation { ship(id: 1) { id } }'],
  ['subscription { order }'],
  ['query A { fails } mutation B { ship(id: 1) { id } }'],
  ['{ __schema { types { name } } }'],
  ['query { ...F } fragment F on Query { ...F }'],
  ['query { ...F } fragment F on Query { __type(name: "Order") { name } }'],
  [deep(6)],
  [`{ ${Array.from({ length: 21 }, (_, index) => `a${index}: fails`).join(' ')} }`],
  [`{ ${'fails '.repeat(301)} }`],
  ['not graphql'],
  ['x'.repeat(20_001)],
])('a document is refused before it leaves: %#', async (document) => {
  const shipped = await shop();
  const { failure } = await bench.runStep({ connection: 'shop', document }, { variables: {} });
  expect(failure?.code).toBe('query-refused');
  expect(shipped).toEqual([]);
});

test('a step sends its query with variables, and a mutation where the access says so', async () => {
  const shipped = await shop();
  const query = { connection: 'shop', document: 'query ($id: ID!) { order(id: $id) { id } }' };
  expect((await bench.runStep(query, { variables: { id: '7' } })).outputs).toEqual({ data: { order: { id: '7' } } });
  await bench.runStep({ connection: 'shop', access: 'write', document: 'mutation ($id: ID!) { ship(id: $id) { id } }' }, { variables: { id: '7' } });
  expect(shipped).toEqual(['7']);
});

describe('before the API was asked what it offers', () => {
  const granted = (operations: string[]): Flow => ({
    format: 'switchyard.flow',
    version: 1,
    name: 'test',
    nodes: {
      given: { kind: 'input', config: { fields: { request: { type: 'string' } } } },
      boss: { kind: 'control', config: { model: 'm' } },
      api: { kind: 'graphql', config: { connection: 'shop', operations: ['order', 'orders'] } },
      told: { kind: 'output', config: { fields: { answer: {} } } },
    },
    links: [
      { from: 'given.request', to: 'boss.request' },
      { from: 'boss.answer', to: 'told.answer' },
    ],
    grants: [{ from: 'boss', to: 'api', operations }],
  });

  test('a grant may name the fields that the node chooses, and no others', () => {
    const mistakes = (operations: string[]) => compile(granted(operations), undefined, kinds).diagnostics.map(({ code, path }) => `${code} ${path}`);
    expect(mistakes(['order', 'query'])).toEqual([]);
    expect(mistakes(['order', 'fails'])).toEqual(['operation-missing /grants/0/operations/1']);
  });

  test('a field is looked up when it is called, and nothing is sent for one that is not there', async () => {
    await shop();
    const host = await bench.host();
    const offered = await ask<GraphqlCatalogue>(host, 'catalogue', { connection: 'shop' });
    const sent: unknown[] = [];
    const context = {
      *catalogue() {
        return offered as unknown as Json;
      },
      *connect(request: unknown, { effect }: { effect: string }) {
        sent.push([effect, request]);
        return {};
      },
    } as unknown as Context;
    const call = (name: string, access: string, args: JsonObject) => {
      const operation = bench.operations({ connection: 'shop', access, operations: ['order', 'ship', 'gone'] }).find((each) => each.name === name);
      return operation?.call(args, context).next();
    };
    call('order', 'write', { id: '7' });
    call('ship', 'write', { id: '7' });
    const document = (name: string) => offered.operations.find((each) => each.name === name)?.document;
    const request = (name: string) => ({ connection: 'shop', action: 'run', arguments: { document: document(name), variables: { id: '7' } } });
    const both = [
      ['read', request('order')],
      ['write', request('ship')],
    ];
    expect(sent).toEqual(both);
    expect(() => call('ship', 'read', { id: '7' })).toThrow('has no field "ship" that this node may call with access read');
    expect(() => call('gone', 'write', {})).toThrow('has no field "gone"');
    expect(sent).toEqual(both);
  });
});
