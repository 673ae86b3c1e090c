/** The rule book of wires, as a table. */
import { kinds } from '@switchyard/engine/nodes';
import { emptyFlow, type Flow } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import { canConnect, dropOnNode, kindFits, type WireEnd } from './can-connect.ts';
import { createFaces } from './node-face.ts';

const faceOf = createFaces(kinds);
const number = { type: 'number' };

const flow: Flow = {
  ...emptyFlow('Rules'),
  nodes: {
    ask: { kind: 'input', config: { fields: { question: { type: 'string' }, limit: number } } },
    plan: { kind: 'control', config: { model: 'planner' } },
    deputy: { kind: 'control', config: { model: 'planner' } },
    orders: { kind: 'sql', config: { connection: 'shop', access: 'read' } },
    mood: { kind: 'slm', config: { model: 'mood', purpose: 'Mood', output: { type: 'object', properties: { mood: { type: 'string' } } } } },
    text: { kind: 'template', config: { template: 'Dear {{name}}, {{greeting}}' } },
    reply: { kind: 'output', config: { fields: { answer: { type: 'string' }, total: number } } },
    odd: { kind: 'not-there', config: {} },
  },
  links: [
    { from: 'ask.question', to: 'plan.request' },
    { from: 'plan.answer', to: 'text.name' },
  ],
  grants: [
    { from: 'plan', to: 'orders' },
    { from: 'plan', to: 'deputy' },
  ],
};

const out = (node: string, port: string): WireEnd => ({ node, side: 'output', port });
const into = (node: string, port: string): WireEnd => ({ node, side: 'input', port });
const caller = (node: string): WireEnd => ({ node, side: 'caller' });
const called = (node: string): WireEnd => ({ node, side: 'called' });

describe('canConnect', () => {
  const table: [string, WireEnd, WireEnd, string | RegExp][] = [
    ['an output to an input', out('ask', 'question'), into('text', 'greeting'), 'link ask.question text.greeting'],
    ['the same drawn backwards', into('text', 'greeting'), out('ask', 'question'), 'link ask.question text.greeting'],
    ['a misfit, which is told', out('ask', 'limit'), into('reply', 'answer'), 'link ask.limit reply.answer (number arrives where text is expected)'],
    ['an input that has a link already', out('ask', 'limit'), into('plan', 'request'), 'link ask.limit plan.request'],
    ['a link that is there', out('ask', 'question'), into('plan', 'request'), /linked already/],
    ['a way back to the start', out('text', 'text'), into('plan', 'request'), /lead back/],
    ['a node to itself', out('text', 'text'), into('text', 'name'), /itself/],
    ['two outputs', out('ask', 'question'), out('plan', 'answer'), /Both are outputs/],
    ['two inputs', into('text', 'name'), into('plan', 'request'), /Both are inputs/],
    ['an output that is gone', out('ask', 'gone'), into('text', 'name'), /no output "gone"/],
    ['an input that is gone', out('ask', 'question'), into('text', 'gone'), /no input "gone"/],
    ['a grant', caller('plan'), called('mood'), 'grant plan mood'],
    ['a grant drawn upwards', called('mood'), caller('deputy'), 'grant deputy mood'],
    ['a grant that is there', caller('plan'), called('orders'), /granted already/],
    ['a grant from a node that calls nobody', caller('text'), called('orders'), /Only a control node/],
    ['a grant to a node that offers nothing', caller('plan'), called('text'), /nothing to call/],
    ['a grant to an end', caller('plan'), called('reply'), /nothing to call/],
    ['a grant that would go in circles', caller('deputy'), called('plan'), /without end/],
    ['a grant to a kind that is not known', caller('plan'), called('odd'), /nothing to call/],
    ['a port and a square', out('plan', 'answer'), called('orders'), /two things/],
    ['two callers', caller('plan'), caller('deputy'), /end at the top/],
    ['two that are called', called('orders'), called('mood'), /begin at the bottom/],
  ];
  test.each(table)('%s', (_what, one, other, expected) => {
    const verdict = canConnect(flow, [one, other], faceOf);
    const told = verdict.joins ? `${verdict.wire.sort} ${verdict.wire.from} ${verdict.wire.to}${verdict.misfit ? ` (${verdict.misfit})` : ''}` : verdict.why;
    if (typeof expected === 'string') expect(told).toBe(expected);
    else expect([verdict.joins, told]).toEqual([false, expect.stringMatching(expected)]);
  });
});

describe("a drop on a node's body", () => {
  const table: [string, WireEnd, string, string | RegExp][] = [
    ['joins the only port', out('ask', 'limit'), 'mood', 'mood.text'],
    ['joins the only port that is free', out('ask', 'question'), 'text', 'text.greeting'],
    ['joins the one whose type fits', out('ask', 'limit'), 'reply', 'reply.total'],
    ['grants', caller('plan'), 'mood', 'mood'],
    ['says why, where nothing is taken', out('plan', 'answer'), 'ask', /takes no value/],
    ['says why, where nothing is offered', caller('plan'), 'reply', /nothing to call/],
  ];
  test.each(table)('%s', (_what, from, node, expected) => {
    const verdict = dropOnNode(flow, from, node, faceOf);
    if (typeof expected === 'string') expect(verdict.joins && verdict.wire.to).toBe(expected);
    else expect(verdict).toEqual({ joins: false, why: expect.stringMatching(expected) });
  });

  test('asks for the port where several fit', () => {
    const bare = { ...flow, links: [] };
    expect(dropOnNode(bare, out('ask', 'question'), 'text', faceOf)).toEqual({ joins: false, why: expect.stringContaining('Several') });
  });
});

test('the picker offers what may stand at the end of the wire', () => {
  const fitting = (from: WireEnd) => [...kinds.values()].filter((kind) => kindFits(kind, from, { type: 'string' })).map((kind) => kind.kind);
  expect(fitting(caller('plan'))).toEqual(expect.arrayContaining(['sql', 'http', 'slm', 'llm', 'control']));
  expect(fitting(caller('plan'))).not.toContain('output');
  expect(fitting(out('ask', 'question'))).toEqual(expect.arrayContaining(['control', 'template', 'output']));
  expect(fitting(out('ask', 'question'))).not.toContain('input');
  expect(fitting(into('plan', 'request'))).toContain('input');
  expect(fitting(called('orders'))).toEqual(['control']);
});
