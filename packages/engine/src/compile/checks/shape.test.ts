/** Rules of grants and of the shape of the flow. Each rule sees its mistake, tells it at its place with a fix where there is one, and keeps silent where it cannot judge. */
import type { Flow } from '@switchyard/shared';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { check, codes, draw, mended, only, registry, text, workspace, straight } from '../../testing/drawn-flow.ts';

describe('grants', () => {
  it('a grant that never asks and reaches a write is told, with the mending', () => {
    const api = {
      kind: 'http',
      config: {
        connection: 'carrier',
        operations: [
          { name: 'stop', method: 'POST', path: '/stop' },
          { name: 'see', path: '/see' },
        ],
      },
    };
    const flow = draw({ planner: { kind: 'caller', config: {} }, api }, 'ask.question > planner.request', 'planner.answer > reply.answer', 'planner > api');
    expect(codes(flow)).toEqual([]);
    flow.grants = [{ from: 'planner', to: 'api', approval: 'never' }];
    const found = only(flow, 'approval-never');
    expect(found).toMatchObject({ severity: 'warning', path: '/grants/0/approval', node: 'planner' });
    expect(mended(flow, found)).toEqual([]);
    flow.grants = [{ from: 'planner', to: 'api', approval: 'never', operations: ['see'] }];
    expect(codes(flow)).toEqual([]);
  });

  const agent = { kind: 'caller', config: {} };
  const db = { kind: 'store', config: { connection: 'shop', operations: [{ name: 'query' }, { name: 'orders' }] } };
  const wired = ['ask.question > planner.request', 'planner.answer > reply.answer'];

  it('start where calling is allowed and end where something is offered', () => {
    const found = check(draw({ planner: agent, db, say: text('Hi') }, ...wired, 'say > db', 'planner > say', 'planner > ask', 'say.text > reply.rest'));
    expect(found.map(({ code, path, node, field: name }) => [code, path, node, name])).toEqual([
      ['grant-not-allowed', '/grants/0/from', 'say', 'from'],
      ['grant-not-allowed', '/grants/1/to', 'say', 'to'],
      ['grant-not-allowed', '/grants/2/to', 'ask', 'to'],
    ]);
    expect(found[0]?.message).toContain('calls no other nodes');
    expect(found[1]?.message).toContain('offers nothing to call');
  });

  it('name nodes and operations that exist', () => {
    const flow = draw({ planner: agent, db }, ...wired);
    flow.grants = [
      { from: 'planner', to: 'db', operations: ['orders', 'ordrs', 'delete'] },
      { from: 'planer', to: 'db' },
      { from: 'planner', to: 'nothing' },
    ];
    const found = check(flow);
    expect(found.map(({ code, path }) => [code, path])).toEqual([
      ['operation-missing', '/grants/0/operations/1'],
      ['operation-missing', '/grants/0/operations/2'],
      ['grant-end-missing', '/grants/1/from'],
      ['grant-end-missing', '/grants/2/to'],
    ]);
    expect(found[0]?.fix?.patch).toEqual([{ op: 'replace', path: '/grants/0/operations/1', value: 'orders' }]);
    expect(found[1]?.fix?.patch).toEqual([{ op: 'remove', path: '/grants/0/operations/2' }]);
  });

  it('are drawn once, and warn of a node that offers nothing yet', () => {
    expect(only(draw({ planner: agent, db }, ...wired, 'planner > db', 'planner > db'), 'grant-doubled')).toMatchObject({
      severity: 'error',
      path: '/grants/1',
    });
    const empty = { kind: 'store', config: { connection: 'shop', operations: [] } };
    expect(only(draw({ planner: agent, empty }, ...wired, 'planner > empty'), 'grant-not-allowed')).toMatchObject({ severity: 'warning', node: 'empty' });
  });

  it('make a node on call, whose inputs need no links', () => {
    const { nodes, diagnostics } = compile(draw({ planner: agent, db }, ...wired, 'planner > db'), workspace, registry);
    expect(diagnostics).toEqual([]);
    expect(nodes.db).toMatchObject({ isStep: false, isOnCall: true });
    expect(codes(draw({ planner: agent, db }, ...wired, 'planner > db', 'db.rows > reply.rest'))).toEqual(['input-missing']);
  });
});

describe('the shape of the flow', () => {
  const pass = text('{{ a }}');
  const agent = { kind: 'caller', config: {} };

  it('has no way of links back to its start, told once with the way round', () => {
    const flow = draw(
      { one: pass, two: pass, three: pass },
      'one.text > two.a',
      'two.text > three.a',
      'three.text > one.a',
      'three.text > reply.answer',
      'ask.count > reply.rest',
    );
    const found = only(flow, 'cycle');
    expect(found.message).toContain('one → two → three → one');
    expect(found).toMatchObject({ severity: 'error', path: '/links/2' });
    expect(mended(flow, found)).toEqual(['input-missing']);
    expect(only(draw({ one: pass }, 'one.text > one.a', ...straight), 'cycle').message).toContain('one → one');
  });

  it('tells each knot', () => {
    const knotted = draw(
      { one: pass, two: pass, three: pass, four: pass },
      'one.text > two.a',
      'two.text > one.a',
      'three.text > four.a',
      'four.text > three.a',
      ...straight,
    );
    expect(check(knotted).map(({ code, node }) => [code, node])).toEqual([
      ['cycle', 'one'],
      ['cycle', 'three'],
    ]);
  });

  it('has no agents that call one another', () => {
    const flow = draw({ boss: agent, aide: agent }, 'ask.question > boss.request', 'boss.answer > reply.answer', 'boss > aide', 'aide > boss');
    const found = only(flow, 'cycle');
    expect(found.message).toContain('boss → aide → boss');
    expect(found.path).toBe('/grants/1');
  });

  it('has no node without a part in it', () => {
    const found = check(draw({ lonely: text('Hi'), idle: agent, db: { kind: 'store', config: { connection: 'shop' } } }, ...straight, 'idle > db'));
    expect(found.map(({ code, severity, node }) => [code, severity, node])).toEqual([
      ['node-unreachable', 'warning', 'lonely'],
      ['node-unreachable', 'warning', 'idle'],
    ]);
  });

  it('has a way in and a way out, or is warned of', () => {
    const flow: Flow = {
      ...draw({}),
      nodes: { say: text('Hi') as Flow['nodes'][string], more: text('{{ a }}') as Flow['nodes'][string] },
      links: [{ from: 'say.text', to: 'more.a' }],
    };
    expect(check(flow).map(({ code, severity, path }) => [code, severity, path])).toEqual([
      ['entry-missing', 'warning', '/nodes'],
      ['exit-missing', 'warning', '/nodes'],
    ]);
    expect(compile(flow, workspace, registry).plan?.tasks.map(({ id }) => id)).toEqual(['say', 'more']);
  });
});
