/** What differs between two versions of a document, as a person is told it. */
import { emptyFlow, type Flow } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { compareFlows, partingTexts, type Difference, type Titles } from './compare-flows.ts';

const titles: Titles = { node: (node) => node.title ?? node.kind.toUpperCase(), setting: (_node, name) => name.toUpperCase() };
const mine: Flow = {
  ...emptyFlow('Desk'),
  nodes: {
    ask: { kind: 'input', config: {} },
    planner: { kind: 'control', config: { model: 'large', instructions: 'Be short.' } },
    orders: { kind: 'sql', config: {} },
  },
  links: [{ from: 'ask.question', to: 'planner.request' }],
  grants: [{ from: 'planner', to: 'orders' }],
  layout: { ask: [0, 0], planner: [300, 0] },
};
const told = (differences: readonly Difference[]) =>
  differences.map(({ title, within, only, settings }) => [within, title, only, settings.map(({ name }) => name)]);

test('a document does not differ from its copy, whatever the order of its keys and wires', () => {
  const { nodes, ...rest } = mine;
  expect(compareFlows(mine, { ...rest, nodes: Object.fromEntries(Object.entries(nodes).reverse()) }, titles)).toEqual([]);
});

test('nodes, wires, grants, positions and what belongs to the whole', () => {
  const theirs: Flow = {
    ...mine,
    name: 'Order desk',
    limits: { modelCalls: 3 },
    nodes: {
      ask: mine.nodes.ask as Flow['nodes'][string],
      planner: { kind: 'control', title: 'Chief', config: { instructions: 'Be thorough.' }, policy: { timeoutSeconds: 5 } },
      reply: { kind: 'output', config: {} },
    },
    links: [{ from: 'planner.answer', to: 'reply.answer' }],
    grants: [{ from: 'planner', to: 'orders', approval: 'always' }],
    layout: { ask: [0, 0], planner: [300, 60] },
  };
  expect(told(compareFlows(mine, theirs, titles))).toEqual([
    [undefined, 'The flow as a whole', undefined, ['Name', 'Limit: modelCalls']],
    [undefined, 'CONTROL', undefined, ['Title', 'MODEL', 'INSTRUCTIONS', 'When it is slow or fails: timeoutSeconds']],
    [undefined, 'SQL', 'mine', []],
    [undefined, 'OUTPUT', 'theirs', []],
    [undefined, 'INPUT.question → CONTROL.request', 'mine', []],
    [undefined, 'CONTROL.answer → OUTPUT.answer', 'theirs', []],
    [undefined, 'CONTROL → SQL', undefined, ['Ask me']],
    [undefined, '1 node stands elsewhere', undefined, []],
  ]);
});

test('flows of the document are looked into', () => {
  const body = { nodes: { a: { kind: 'code', config: { code: 'return 1' } } }, links: [], grants: [] };
  const changed = { ...body, nodes: { a: { kind: 'code', config: { code: 'return 2' } } } };
  const found = compareFlows({ ...mine, flows: { price: body, own: body } }, { ...mine, flows: { price: changed, constructed: body } }, titles);
  expect(told(found)).toEqual([
    ['price', 'CODE', undefined, ['CODE']],
    [undefined, 'own', 'mine', []],
    [undefined, 'constructed', 'theirs', []],
  ]);
  expect(new Set(found.map(({ key }) => key)).size).toBe(found.length);
});

test('of long texts the place is shown where they part', () => {
  const text = `${'Answer with figures. '.repeat(40)}Be `;
  const { mine: own, theirs } = partingTexts({ name: '', mine: `${text}short.`, theirs: `${text}thorough, and name your sources.` });
  expect(own).toMatch(/^….*Be short\.$/);
  expect(theirs).toMatch(/^….*Be thorough, and name your sources\.$/);
  expect(partingTexts({ name: '', mine: undefined, theirs: { a: [1, true] } })).toEqual({ mine: undefined, theirs: '{"a":[1,true]}' });
});
