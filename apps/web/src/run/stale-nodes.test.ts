/** What an edit makes stale: the node itself, what may call it, and all that builds on either. */
import { kinds } from '@switchyard/engine/nodes';
import { emptyFlow, type Flow } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { staleNodes } from './stale-nodes.ts';

const ran: Flow = {
  ...emptyFlow('Test'),
  nodes: {
    ask: { kind: 'input', config: {} },
    planner: { kind: 'control', config: { model: 'a' } },
    orders: { kind: 'sql', config: { connection: 'shop' } },
    fill: { kind: 'template', config: { template: '{{x}}' } },
    alone: { kind: 'template', config: { template: 'x' } },
  },
  links: [
    { from: 'ask.question', to: 'planner.request' },
    { from: 'planner.answer', to: 'fill.x' },
  ],
  grants: [{ from: 'planner', to: 'orders' }],
};
const reasons = (now: Flow) => Object.fromEntries(staleNodes({ ran, now, title: (id) => id, registry: kinds }));
const set = (id: string, config: Record<string, string>): Flow => ({ ...ran, nodes: { ...ran.nodes, [id]: { ...ran.nodes[id], config } as never } });

test('nothing is stale as long as nothing that makes a result has changed', () => {
  expect(reasons(ran)).toEqual({});
  expect(reasons({ ...ran, layout: { ask: [1, 2] }, name: 'Other' })).toEqual({});
  expect(reasons(set('orders', { connection: 'shop' }))).toEqual({});
  expect(reasons({ ...ran, nodes: { ...ran.nodes, ask: { ...ran.nodes.ask, title: 'Question' } as never } })).toEqual({});
});

test('a changed node makes stale what may call it and what builds on that', () => {
  expect(reasons(set('orders', { connection: 'other' }))).toEqual({
    orders: 'Its settings were changed since this result.',
    planner: '"orders", which it may call, was changed since this result.',
    fill: '"planner", which it builds on, is stale.',
  });
  expect(Object.keys(reasons(set('fill', { template: 'y' })))).toEqual(['fill']);
});

test('wires and grants count, when a person is asked does not', () => {
  expect(reasons({ ...ran, grants: [{ from: 'planner', to: 'orders', approval: 'always' }] })).toEqual({});
  expect(reasons({ ...ran, grants: [] }).planner).toContain('may call');
  expect(reasons({ ...ran, links: ran.links.slice(0, 1) })).toEqual({ fill: 'Its wires were changed since this result.' });
});
