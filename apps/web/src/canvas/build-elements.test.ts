/** What is drawn keeps its identity where nothing changed: React Flow draws again only what is new. */
import { kinds } from '@switchyard/engine/nodes';
import { emptyFlow, type Flow } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import { positionsOf } from '../editor/auto-layout.ts';
import { connect, grant, moveNodes, setTitle } from '../editor/commands.ts';
import { createFaces } from '../editor/node-face.ts';
import { buildEdges, buildNodes, type CanvasEdge, type CardNode } from './build-elements.ts';
import { endOfHandle, litTargets } from './lit-targets.ts';
import { wireChoices } from './wire-choices.ts';

const faceOf = createFaces(kinds);
const flow: Flow = {
  ...emptyFlow('Drawn'),
  nodes: {
    ask: { kind: 'input', config: { fields: { question: { type: 'string' } } } },
    plan: { kind: 'control', config: { model: 'planner' } },
    orders: { kind: 'sql', config: { connection: 'shop' } },
    mood: { kind: 'slm', config: { model: 'mood', purpose: 'Mood', output: { type: 'object' } } },
    reply: { kind: 'output', config: { fields: { answer: { type: 'string' } } } },
  },
  links: [
    { from: 'ask.question', to: 'plan.request' },
    { from: 'plan.gone', to: 'reply.answer' },
    { from: 'nowhere.x', to: 'reply.answer' },
  ],
  grants: [{ from: 'plan', to: 'orders' }],
  layout: { ask: [0, 0], plan: [300, 0], orders: [400, 320], mood: [200, 320], reply: [600, 0] },
};
const none = { nodes: [], wires: [] };
const draw = (
  document: Flow,
  before: { nodes: CardNode[]; edges: CanvasEdge[] } = { nodes: [], edges: [] },
  selection: { nodes: string[]; wires: [] } = none as never,
) => {
  const shown = { flow: document, positions: positionsOf(document, faceOf), selection, faceOf };
  return { nodes: buildNodes(shown, before.nodes), edges: buildEdges(shown, before.edges) };
};
const card = (drawn: { nodes: CardNode[] }, id: string) => drawn.nodes.find((node) => node.id === id) as CardNode;

describe('cards and wires', () => {
  test('what did not change is the same object', () => {
    const before = draw(flow);
    const renamed = draw(setTitle(flow, 'ask', 'Question'), before);
    const changed = renamed.nodes.filter((node, index) => node !== before.nodes[index]).map((node) => node.id);
    expect(changed).toEqual(['ask']);
    expect(renamed.edges).toEqual(before.edges);
    expect(renamed.edges.every((edge, index) => edge === before.edges[index])).toBe(true);
  });

  test('moving a card draws that card again, and no other', () => {
    const before = draw(flow);
    const moved = draw(moveNodes(flow, { reply: [700, 8] }), before);
    expect(moved.nodes.filter((node, index) => node !== before.nodes[index]).map((node) => node.id)).toEqual(['reply']);
    expect(card(moved, 'reply').data).toBe(card(before, 'reply').data);
  });

  test('squares for grants stand in the order of the nodes below', () => {
    const granted = grant(flow, { from: 'plan', to: 'mood' });
    expect(card(draw(granted), 'plan').data.granted).toEqual(['mood', 'orders']);
    expect(card(draw(moveNodes(granted, { mood: [900, 320] })), 'plan').data.granted).toEqual(['orders', 'mood']);
  });

  test('a link to a port that is gone is drawn to where it was; one to a node that is gone is not drawn', () => {
    const drawn = draw(flow);
    expect(card(drawn, 'plan').data.lostOutputs).toEqual(['gone']);
    expect(drawn.edges.map((edge) => edge.id)).toEqual(['link:ask.question>plan.request', 'link:plan.gone>reply.answer', 'grant:plan>orders']);
  });

  test('a selected card is another object, its data the same', () => {
    const before = draw(flow);
    const after = draw(flow, before, { nodes: ['ask'], wires: [] });
    expect(card(after, 'ask')).toMatchObject({ selected: true });
    expect(card(after, 'ask').data).toBe(card(before, 'ask').data);
  });
});

describe('while a wire is drawn', () => {
  test('what it may join is lit, with its ports', () => {
    const lit = litTargets(flow, endOfHandle('plan', 'out:answer'), faceOf);
    expect([...lit]).toEqual([
      ['mood', new Set(['in:text'])],
      ['reply', new Set(['in:answer'])],
    ]);
    expect([...litTargets(flow, endOfHandle('plan', 'call:'), faceOf).keys()]).toEqual(['mood']);
    expect([...litTargets(flow, endOfHandle('orders', 'called'), faceOf)]).toEqual([]);
    expect([...litTargets(flow, endOfHandle('mood', 'called'), faceOf).keys()]).toEqual(['plan']);
  });
});

test('the wires that a node could get are told in words, misfits last', () => {
  const numbered: Flow = { ...flow, nodes: { ...flow.nodes, count: { kind: 'input', title: 'Count', config: { fields: { limit: { type: 'number' } } } } } };
  const texts = wireChoices(numbered, 'reply', faceOf).map((choice) => choice.text);
  expect(texts).toContain('Input · question → Output · answer');
  expect(texts.at(-1)).toBe('Count · limit → Output · answer (number arrives where text is expected)');
  const two = connect(
    { ...numbered, nodes: { ...numbered.nodes, orders_2: { kind: 'sql', config: { connection: 'shop' } } } },
    { from: 'ask.question', to: 'reply.answer' },
  );
  expect(wireChoices(two, 'plan', faceOf).map((choice) => choice.text)).toContain('Control may call SQL (orders_2)');
});
