/** Flows within flows: as a step, for each item, again and again, as a tool; their events, failures, limits and cancelling. */
import { failure, FailureError, type Flow, type JsonObject } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import type { Call } from '../port.ts';
import { createHandSettledHost } from '../testing/hand-settled-host.ts';
import { drawBody, drawFlow, entry, exit, fetching } from '../testing/subflow.ts';
import { scriptedTurns, testRun } from '../testing/test-run.ts';

const pathOf = (call: Call) => (call.request as JsonObject).path as string;
const echo = { fetch: (call: Call) => ({ status: 200, headers: {}, body: pathOf(call) }) };
const ok = (body: string | number) => ({ status: 200, headers: {}, body });
const turn = () => new Promise((resolve) => setImmediate(resolve));

const getItem = drawBody({ first: entry('item'), get: fetching('/{{ item }}'), last: exit('got') }, ['first.item>get.item', 'get.body>last.got']);

function mapping(config: JsonObject = {}, flows: Flow['flows'] = { each: getItem }): Flow {
  return drawFlow(
    drawBody({ ask: entry('many'), all: ['map', { flow: 'each', ...config }], reply: exit('out') }, ['ask.many>all.items', 'all.results>reply.out']),
    flows,
  );
}

describe('map', () => {
  test('gives the results in the order of the items, with so many under way at once', async () => {
    const host = createHandSettledHost();
    const running = testRun(mapping({ concurrency: 2 }), { host, inputs: { many: ['a', 'b', 'c'] } });
    const [a, b] = [await host.next(), await host.next()];
    await turn();
    expect(host.pending).toHaveLength(2);
    b.succeed(ok('B'));
    (await host.next()).succeed(ok('C'));
    a.succeed(ok('A'));
    const { result, view } = await running;
    expect(result.outputs).toEqual({ out: [{ got: 'A' }, { got: 'B' }, { got: 'C' }] });
    expect(view.tasks.get('all[2].get')).toMatchObject({ node: 'get', parent: 'all', status: 'done' });
    expect([...view.calls.keys()].sort()).toEqual(['all[0].get', 'all[1].get', 'all[2].get']);
  });

  test('of an empty list gives an empty list', async () => {
    expect((await testRun(mapping(), { answers: echo, inputs: { many: [] } })).result.outputs).toEqual({ out: [] });
  });

  test('of something else fails with what to do', async () => {
    expect((await testRun(mapping(), { answers: echo, inputs: { many: 'x' } })).result.failure).toMatchObject({ code: 'input-invalid', node: 'all' });
    expect((await testRun(mapping(), { answers: echo, inputs: { many: null } })).result.failure?.message).toContain('"items" is null, not a list');
  });

  const second = (call: Call) => (pathOf(call) === '/b' ? Promise.reject(new FailureError(failure('http-status', 'no b'))) : ok(pathOf(call)));

  test('keeps a failed item in its place where it is told to', async () => {
    const { result, view } = await testRun(mapping({ onFailure: 'keep' }), { answers: { fetch: second }, inputs: { many: ['a', 'b', 'c'] } });
    expect(result).toMatchObject({ status: 'done', outputs: { out: [{ got: '/a' }, { failure: { code: 'http-status' } }, { got: '/c' }] } });
    expect(view.tasks.get('all[1].get')?.status).toBe('failed');
  });

  test('stops at the first failure, names the node of the flow, and gives up the rest', async () => {
    const flow = mapping({ concurrency: 2 });
    const all = flow.nodes.all as Flow['nodes'][string];
    all.policy = { onFailure: 'continue', default: { results: [] } };
    const host = createHandSettledHost();
    const running = testRun(flow, { host, inputs: { many: ['a', 'b', 'c'] } });
    const [a, b] = [await host.next(), await host.next()];
    b.fail(failure('http-status', 'no b'));
    const { result, view } = await running;
    expect(result).toMatchObject({ status: 'done', outputs: { out: [] } });
    expect(a.isAborted()).toBe(true);
    expect(view.tasks.get('all[0].get')).toMatchObject({ status: 'failed', failure: { code: 'abandoned' } });
    expect(view.tasks.get('all')).toMatchObject({
      status: 'failed',
      handling: 'continue',
      failure: { code: 'http-status', message: 'Item 2 of 3: no b', item: 1 },
    });
    expect(view.tasks.get('all[1].get')?.failure).not.toHaveProperty('item');
    expect(view.tasks.has('all[2].get')).toBe(false);
  });

  test('without a policy fails the run at the node that the user drew', async () => {
    const { result } = await testRun(mapping(), { answers: { fetch: second }, inputs: { many: ['b'] } });
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'http-status', node: 'all' } });
  });

  test('says which item failed, each of its own list, and no other node of it', async () => {
    const within = drawBody({ first: entry('many'), all: ['map', { flow: 'each' }], last: exit('out') }, ['first.many>all.items', 'all.results>last.out']);
    const around = mapping({ flow: 'row' }, { row: within, each: getItem });
    const { result, view } = await testRun(around, { answers: { fetch: second }, inputs: { many: [['a'], ['a', 'x', 'b']] } });
    expect(result).toMatchObject({ status: 'failed', failure: { node: 'all', item: 1 } });
    expect(view.tasks.get('all[1].all')?.failure).toMatchObject({ item: 2 });
    expect(view.tasks.get('all[1].all[2].get')?.failure).not.toHaveProperty('item');
    const outer = drawFlow(
      drawBody({ first: entry('many'), sub: ['flow', { flow: 'row' }], last: exit('out') }, ['first.many>sub.many', 'sub.out>last.out']),
      around.flows,
    );
    const once = await testRun(outer, { answers: { fetch: second }, inputs: { many: ['b'] } });
    expect(once.result).toMatchObject({ status: 'failed', failure: { node: 'sub', message: 'Item 1 of 1: no b' } });
    expect(once.result.failure).not.toHaveProperty('item');
  });

  test('does not keep what ends the run: a limit', async () => {
    const ask = drawBody({ first: entry('item'), say: ['llm', { model: 'm', prompt: '{{ item }}' }], last: exit('got') }, [
      'first.item>say.item',
      'say.text>last.got',
    ]);
    const flow = { ...mapping({ onFailure: 'keep' }, { each: ask }), limits: { modelCalls: 2 } };
    const said = { text: 'x', toolCalls: [], finish: 'stop', served: 'm' };
    const { result } = await testRun(flow, { answers: { model: () => said }, inputs: { many: [1, 2, 3] } });
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'limit-model-calls', node: 'all' } });
  });

  test('gives the other inputs of the flow to every item, and the position', async () => {
    const each = drawBody({ first: entry('x', 'at', 'base'), get: fetching('/{{ base }}/{{ at }}/{{ x }}'), last: exit('got') }, [
      'first.x>get.x',
      'first.at>get.at',
      'first.base>get.base',
      'get.body>last.got',
    ]);
    const flow = drawFlow(
      drawBody({ ask: entry('many', 'base'), all: ['map', { flow: 'each', item: 'x', index: 'at' }], reply: exit('out') }, [
        'ask.many>all.items',
        'ask.base>all.base',
        'all.results>reply.out',
      ]),
      { each },
    );
    expect((await testRun(flow, { answers: echo, inputs: { many: ['a', 'b'], base: 's' } })).result.outputs).toEqual({
      out: [{ got: '/s/0/a' }, { got: '/s/1/b' }],
    });
  });

  test('of 2,000 items within a map of maps ends', async () => {
    const inner = drawBody({ first: entry('item'), text: ['template', { template: '{{ item }}!' }], last: exit('got') }, [
      'first.item>text.item',
      'text.text>last.got',
    ]);
    const outer = drawBody({ first: entry('item'), all: ['map', { flow: 'inner', concurrency: 8 }], last: exit('got') }, [
      'first.item>all.items',
      'all.results>last.got',
    ]);
    const list = Array.from({ length: 20 }, () => Array.from({ length: 100 }, (_, index) => index));
    const { result } = await testRun(mapping({ concurrency: 8 }, { each: outer, inner }), { inputs: { many: list } });
    const out = result.outputs.out as { got: { got: string }[] }[];
    expect([out.length, out[19]?.got.length, out[19]?.got[99]]).toEqual([20, 100, { got: '99!' }]);
  });

  test('cancel reaches the calls of every item', async () => {
    const host = createHandSettledHost();
    let cancel = () => {};
    const running = testRun(mapping({ concurrency: 2 }), {
      host,
      inputs: { many: ['a', 'b'] },
      onStart: (port) => {
        cancel = () => port.signal('cancel');
      },
    });
    const [a, b] = [await host.next(), await host.next()];
    cancel();
    expect((await running).result.status).toBe('cancelled');
    expect([a.isAborted(), b.isAborted()]).toEqual([true, true]);
  });
});

describe('loop', () => {
  const grow = drawBody({ first: entry('n'), more: ['convert', { to: 'pick', expression: 'value + 1' }], last: exit('n') }, [
    'first.n>more.value',
    'more.value>last.n',
  ]);
  const looping = (config: JsonObject) =>
    drawFlow(
      drawBody({ ask: entry('n'), again: ['loop', { flow: 'grow', ...config }], reply: exit('n', 'rounds') }, [
        'ask.n>again.n',
        'again.n>reply.n',
        'again.iterations>reply.rounds',
      ]),
      { grow },
    );

  test('goes on with what a round gave until the condition holds', async () => {
    const { result, view } = await testRun(looping({ until: 'n >= 5' }), { inputs: { n: 2 } });
    expect(result.outputs).toEqual({ n: 5, rounds: 3 });
    expect(view.tasks.get('again[2].more')).toMatchObject({ status: 'done', parent: 'again' });
  });

  test('fails after the most rounds, or gives what there is', async () => {
    expect((await testRun(looping({ until: 'n > 100', most: 3 }), { inputs: { n: 0 } })).result).toMatchObject({
      status: 'failed',
      failure: { code: 'loop-unmet', node: 'again' },
    });
    expect((await testRun(looping({ until: 'n > 100', most: 3, onMost: 'give' }), { inputs: { n: 0 } })).result.outputs).toEqual({ n: 3, rounds: 3 });
  });

  test('asks in its condition whether an output was reached: one that was not is null', async () => {
    const search = drawBody(
      {
        first: entry('n'),
        look: ['branch', { cases: [{ port: 'there', when: 'value > 3' }] }],
        more: ['convert', { to: 'pick', expression: 'value + 1' }],
        last: exit('n', 'found'),
      },
      ['first.n>look.value', 'look.there>last.found', 'look.else>more.value', 'more.value>last.n'],
    );
    const flow = drawFlow(
      drawBody({ ask: entry('n'), again: ['loop', { flow: 'search', until: 'found != null' }], reply: exit('found') }, [
        'ask.n>again.n',
        'again.found>reply.found',
      ]),
      { search },
    );
    expect((await testRun(flow, { inputs: { n: 0 } })).result.outputs).toEqual({ found: 4 });
  });

  test('may run 1,000 rounds and no more', async () => {
    expect((await testRun(looping({ until: 'n == 1000', most: 1000 }), { inputs: { n: 0 } })).result.outputs).toEqual({ n: 1000, rounds: 1000 });
    await expect(testRun(looping({ until: 'n == 1', most: 1001 }))).rejects.toThrow(/most/);
  });
});

describe('a flow', () => {
  test('as a step has the ends of the flow, and skips what it does not give', async () => {
    const pick = drawBody({ first: entry('q'), way: ['branch', { cases: [{ port: 'yes', when: 'value == 1' }] }], last: exit('yes', 'no') }, [
      'first.q>way.value',
      'way.yes>last.yes',
      'way.else>last.no',
    ]);
    const flow = drawFlow(
      drawBody({ ask: entry('q'), sub: ['flow', { flow: 'pick' }], text: ['template', { template: 'no {{ no }}' }], reply: exit('yes', 'no') }, [
        'ask.q>sub.q',
        'sub.yes>reply.yes',
        'sub.no>text.no',
        'text.text>reply.no',
      ]),
      { pick },
    );
    const { result, view } = await testRun(flow, { inputs: { q: 1 } });
    expect(result.outputs).toEqual({ yes: 1 });
    expect(view.tasks.get('text')?.status).toBe('skipped');
    expect(view.tasks.get('sub.way')).toMatchObject({ parent: 'sub', node: 'way' });
  });

  test('can be called by a control node, which is given its outputs', async () => {
    const script = scriptedTurns([[['sub_run', { item: 'p7' }]], 'It is there.']);
    const flow = drawFlow(
      drawBody({ ask: entry('q'), boss: ['control', { model: 'm' }], sub: ['flow', { flow: 'each', description: 'Finds a thing.' }], reply: exit('a') }, [
        'ask.q>boss.request',
        'boss.answer>reply.a',
      ]),
      { each: getItem },
    );
    flow.grants = [{ from: 'boss', to: 'sub' }];
    const { result, view } = await testRun(flow, { answers: { ...echo, model: script.answer }, inputs: { q: 'where' } });
    expect(result.outputs).toEqual({ a: 'It is there.' });
    expect(script.requests[0]?.tools).toMatchObject([
      { name: 'sub_run', description: 'Finds a thing.', parameters: { properties: { item: {} }, required: ['item'] } },
    ]);
    expect(JSON.stringify(script.requests[1]?.messages.at(-1))).toContain('/p7');
    expect([...view.tasks.values()].find(({ node }) => node === 'get')?.parent).toBe('boss');
  });

  test('that writes is held back by a grant that asks for approval before writes', async () => {
    const send = drawBody(
      {
        first: entry('item'),
        put: ['http', { connection: 'api', operations: [{ name: 'put', description: 'd', method: 'PUT', path: '/x', body: '{{ item }}' }] }],
        last: exit('got'),
      },
      ['first.item>put.item', 'put.body>last.got'],
    );
    const script = scriptedTurns([[['sub_run', { item: 'p7' }]], 'Not done.']);
    const flow = drawFlow(
      drawBody({ ask: entry('q'), boss: ['control', { model: 'm' }], sub: ['flow', { flow: 'outer' }], reply: exit('a') }, [
        'ask.q>boss.request',
        'boss.answer>reply.a',
      ]),
      { outer: drawBody({ first: entry('item'), in: ['flow', { flow: 'send' }], last: exit('got') }, ['first.item>in.item', 'in.got>last.got']), send },
    );
    flow.grants = [{ from: 'boss', to: 'sub', approvalSeconds: 0.02 }];
    const { view } = await testRun(flow, { answers: { ...echo, model: script.answer }, inputs: { q: 'do' } });
    expect([...view.calls.values()].filter(({ kind }) => kind === 'fetch')).toEqual([]);
    expect(script.requests[1]?.messages.at(-1)?.text).toContain('call-rejected');
  });
});
