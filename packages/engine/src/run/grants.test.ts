/** Grants that name operations which only the connection knows: accepted by compile, held to what the connection offers once it was asked. */
import { FailureError, failure, type Flow, type Json, type JsonObject, type ModelRequest } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import { compile } from '../compile/compile.ts';
import { kinds } from '../nodes/index.ts';
import { scriptedTurns, testRun, type TestRun } from '../testing/test-run.ts';

const input = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'], additionalProperties: false };
const described = { description: 'One', method: 'GET', path: '/x', tags: [], parameters: [], input };
const tool = { description: 'One', input, isReading: true, isIdempotent: false };

/** What a connection of each kind tells: `look` reads, `change` writes; and what each offers besides. */
const sides = [
  {
    kind: 'mcp',
    offered: '"look", "read_resource"',
    setting: 'tools',
    more: ['read_resource'],
    catalogue: { tools: { look: tool, change: { ...tool, isReading: false } }, resources: [] },
  },
  {
    kind: 'graphql',
    offered: '"query", "look"',
    setting: 'operations',
    more: ['query'],
    catalogue: {
      operations: [
        { name: 'look', description: 'One', effect: 'read', document: 'query { look }', input },
        { name: 'change', description: 'One', effect: 'write', document: 'mutation { change }', input },
      ],
    },
  },
  {
    kind: 'openapi',
    offered: '"look"',
    setting: 'operations',
    more: [],
    catalogue: {
      title: 'Shop',
      operations: [
        { ...described, name: 'look', effect: 'read' },
        { ...described, name: 'change', effect: 'write', method: 'POST' },
      ],
    },
  },
] as const;
type Side = (typeof sides)[number];

interface Drawn {
  operations?: string[];
  config?: JsonObject;
  boss?: JsonObject;
  approval?: 'never' | 'writes';
  approvalSeconds?: number;
}

function flowOf({ kind }: Side, { operations, config, boss, ...rest }: Drawn): Flow {
  return {
    format: 'switchyard.flow',
    version: 1,
    name: 'test',
    nodes: {
      given: { kind: 'input', config: { fields: { request: { type: 'string' } } } },
      boss: { kind: 'control', title: 'Boss', config: { model: 'm', ...boss } },
      shop: { kind, title: 'Shop', config: { connection: 'shop', ...config } },
      told: { kind: 'output', config: { fields: { answer: {} } } },
    },
    links: [
      { from: 'given.request', to: 'boss.request' },
      { from: 'boss.answer', to: 'told.answer' },
    ],
    grants: [{ from: 'boss', to: 'shop', ...(operations && { operations }), ...rest }],
  };
}

const mistakes = (side: Side, drawn: Drawn) => compile(flowOf(side, drawn), undefined, kinds).diagnostics.map(({ code, path }) => `${code} ${path}`);

/** Runs it with a model that says these things; `catalogue` answers in place of the connection. */
async function run(
  side: Side,
  drawn: Drawn,
  { turns = ['Done.'], catalogue = () => side.catalogue as unknown as Json }: { turns?: Parameters<typeof scriptedTurns>[0]; catalogue?: () => Json } = {},
): Promise<TestRun & { requests: ModelRequest[]; reached: string[] }> {
  const model = scriptedTurns(turns);
  const reached: string[] = [];
  const note = (answer: Json) => (call: { request: Json }) => {
    reached.push(JSON.stringify(call.request));
    return answer;
  };
  const answers = { model: model.answer, catalogue, connect: note({ ok: true }), fetch: note({ status: 200, headers: {}, body: { ok: true } }) };
  return { ...(await testRun(flowOf(side, drawn), { inputs: { request: 'Look.' }, answers })), requests: model.requests, reached };
}

const strategies = ['tools', 'plan', 'code'] as const;
const told = (request: ModelRequest | undefined) => JSON.stringify([request?.tools ?? [], request?.messages[0]]);

describe.each(sides)('$kind', (side) => {
  test('compile accepts any name where the settings choose none, and tells a slip where they do', () => {
    expect(mistakes(side, {})).toEqual([]);
    expect(mistakes(side, { operations: ['look', 'whatever'] })).toEqual([]);
    const chosen = { [side.setting]: ['look', 'change'] };
    expect(mistakes(side, { operations: ['look'], config: chosen })).toEqual([]);
    expect(mistakes(side, { operations: ['loook'], config: chosen })).toEqual(['operation-missing /grants/0/operations/0']);
  });

  test('a grant that never asks is told where what only the connection knows may write', () => {
    const write = { access: 'write' };
    expect(mistakes(side, { approval: 'never' })).toEqual([]);
    expect(mistakes(side, { approval: 'never', config: write })).toEqual(['approval-never /grants/0/approval']);
    expect(mistakes(side, { approval: 'never', config: write, operations: ['change'] })).toEqual(['approval-never /grants/0/approval']);
    expect(mistakes(side, { approval: 'never', config: write, operations: [...side.more] })).toEqual([]);
  });

  test.each(strategies)('with the strategy %s, what is ticked is told to the model, and nothing else', async (strategy) => {
    const drawn = { operations: ['look'], boss: { strategy }, config: { access: 'write' } };
    const { result, requests } = await run(side, drawn);
    expect(result.status).toBe('done');
    expect(told(requests[0])).toContain('look');
    for (const other of ['change', ...side.more]) expect(told(requests[0])).not.toContain(`shop_${other}`);
    expect(told((await run(side, { ...drawn, operations: ['look', 'change'] })).requests[0])).toContain('change');
  });

  test.each(strategies)(
    'with the strategy %s, a name that the connection does not offer ends the task before a model is asked, with what it offers',
    async (strategy) => {
      for (const config of [{}, { [side.setting]: ['look', 'gone'] }]) {
        const { result, requests } = await run(side, { operations: ['look', 'gone'], boss: { strategy }, config });
        expect(result.failure).toMatchObject({ code: 'operation-missing', node: 'boss' });
        expect(result.failure?.message).toContain('"Boss" is granted "gone" of "Shop" (shop)');
        expect(result.failure?.message).toContain(`It offers ${side.offered}.`);
        expect(requests).toEqual([]);
      }
    },
  );

  test('a write that is ticked, of a node that may only read, is missing', async () => {
    expect((await run(side, { operations: ['change'] })).result.failure?.code).toBe('operation-missing');
  });

  test('where the connection could not be read, what is ticked reads it when it is called', async () => {
    const turns: Parameters<typeof scriptedTurns>[0] = [[['shop_look', { id: 7 }]], [['shop_look', { id: '7' }]], 'Done.'];
    const { result, requests, reached } = await run(side, { operations: ['look'] }, { turns, catalogue: failsOnce(side) });
    expect(result.status).toBe('done');
    expect(requests[0]?.tools?.map(({ name }) => name)).toEqual(['shop_look']);
    expect(JSON.stringify(requests[1]?.messages.at(-1))).toContain('arguments-invalid');
    expect(reached).toHaveLength(1);
    const gone = await run(side, { operations: ['gone'] }, { turns: [[['shop_gone', {}]], 'It is not there.'], catalogue: failsOnce(side) });
    expect(JSON.stringify(gone.requests[1]?.messages.at(-1))).toContain('operation-missing');
    expect(gone.reached).toEqual([]);
  });
});

function failsOnce(side: Side): () => Json {
  let isFirst = true;
  return () => {
    if (!isFirst) return side.catalogue as unknown as Json;
    isFirst = false;
    throw new FailureError(failure('connection-unreachable', 'It is down'));
  };
}

test('a write that could not be read first asks a person like any other, once it is known to write', async () => {
  const [side] = sides;
  const drawn = { operations: ['change'], config: { access: 'write' }, approvalSeconds: 0.02 };
  const { events, requests, reached } = await run(side, drawn, { turns: [[['shop_change', { id: '7' }]], 'No.'], catalogue: failsOnce(side) });
  expect(events.filter(({ type }) => type === 'wait-start')).toMatchObject([{ until: { ask: { operation: 'shop.change', schema: input } } }]);
  expect(JSON.stringify(requests[1]?.messages.at(-1))).toContain('call-rejected');
  expect(reached).toEqual([]);
});

test('a tool that is ticked and is not accepted any more is told with the reason', async () => {
  const [side] = sides;
  const catalogue = () => ({ tools: {}, resources: [], refused: { look: 'has changed: description' } });
  const { failure: told } = (await run(side, { operations: ['look'] }, { catalogue })).result;
  expect(told?.message).toContain('The definition of its tool "look" has changed: description: a person must read and accept it.');
});
