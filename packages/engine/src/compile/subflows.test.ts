/** Flows within a document: their ends, their mistakes and their circles. */
import { describe, expect, it } from 'vitest';
import { kinds } from '../nodes/index.ts';
import { drawBody, drawFlow, entry, exit } from '../testing/subflow.ts';
import { compile } from './compile.ts';

const one = drawBody({ first: entry('item'), last: exit('got') }, ['first.item>last.got']);
const runs = (flow: string) => drawBody({ first: entry('item'), sub: ['flow', { flow }], last: exit('got') }, ['first.item>sub.item', 'sub.got>last.got']);
const found = (flow: ReturnType<typeof drawFlow>) => compile(flow, undefined, kinds).diagnostics.map(({ code, path }) => [code, path]);

describe('flows of a document', () => {
  it('give the node that runs one their ends, and the plan only those that are run', () => {
    const { plan, nodes, flows, diagnostics } = compile(drawFlow(runs('one'), { one, two: one }), undefined, kinds);
    expect(diagnostics).toEqual([]);
    expect(nodes.sub?.ports).toMatchObject({ inputs: { item: {} }, outputs: { got: {} } });
    expect(Object.keys(flows)).toEqual(['one', 'two']);
    expect(Object.keys(plan?.flows ?? {})).toEqual(['one']);
    expect(plan?.flows?.one).toMatchObject({ ports: { effect: 'read', optional: [] }, tasks: [{ id: 'first' }, { id: 'last' }] });
    expect(plan?.tasks.find(({ id }) => id === 'sub')?.flow).toBe('one');
  });

  it('may write where what they call may, also where only its connection knows what that is', () => {
    const effect = (access: string) => {
      const body = drawBody({ first: entry('item'), api: ['graphql', { connection: 'shop', access, document: '{ a }' }], last: exit('got') }, [
        'first.item>api.variables',
        'api.data>last.got',
      ]);
      return compile(drawFlow(runs('one'), { one: body }), undefined, kinds).plan?.flows?.one?.ports.effect;
    };
    expect([effect('read'), effect('write')]).toEqual(['read', 'write']);
  });

  it('that are missing are told with the nearest name, and no noise about ports', () => {
    const { diagnostics } = compile(drawFlow(runs('on'), { one }), undefined, kinds);
    expect(diagnostics).toMatchObject([
      { code: 'flow-missing', node: 'sub', field: 'flow', path: '/nodes/sub/config/flow', fix: { patch: [{ value: 'one' }] } },
    ]);
  });

  it('tell their mistakes by where they stand in the whole document', () => {
    const bad = drawBody({ first: entry('item'), last: exit('got') }, ['first.items>last.got']);
    const { diagnostics } = compile(drawFlow(runs('one'), { one: bad }), undefined, kinds);
    expect(diagnostics).toMatchObject([
      { code: 'port-missing', path: '/flows/one/links/0/from', flow: 'one', fix: { patch: [{ path: '/flows/one/links/0/from' }] } },
    ]);
    expect(diagnostics[0]).not.toHaveProperty('node');
  });

  it('do not run one another in a circle', () => {
    expect(found(drawFlow(runs('a'), { a: runs('b'), b: runs('a') }))).toEqual([['cycle', expect.stringMatching(/^\/flows\/[ab]\/nodes\/sub\/config$/)]]);
    expect(found(drawFlow(runs('a'), { a: runs('a') }))).toEqual([['cycle', '/flows/a/nodes/sub/config']]);
  });

  it('say what else is wrong with the node that runs them', () => {
    const map = (config: object) =>
      drawBody({ first: entry('many'), all: ['map', { flow: 'two', ...config }], last: exit('got') }, ['first.many>all.items', 'all.results>last.got']);
    const two = drawBody({ first: entry('a', 'b'), last: exit('got') }, ['first.a>last.got']);
    expect(compile(drawFlow(map({ item: 'c' }), { two }), undefined, kinds).diagnostics).toMatchObject([
      { code: 'config-invalid', field: 'item' },
      { code: 'input-missing' },
      { code: 'input-missing' },
    ]);
    expect(found(drawFlow(map({ item: 'a', index: 'b' }), { two }))).toEqual([]);
  });

  it('name models and connections that the document needs', () => {
    const asks = drawBody({ first: entry('item'), say: ['llm', { model: 'm', prompt: '{{ item }}' }], last: exit('got') }, [
      'first.item>say.item',
      'say.text>last.got',
    ]);
    expect(compile(drawFlow(runs('asks'), { asks }), undefined, kinds).requires.models).toEqual(['m']);
  });
});
