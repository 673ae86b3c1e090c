/** What a node could be wired to, told in words: the likeliest first. */
import { kinds } from '@switchyard/engine/nodes';
import { emptyFlow, type Flow } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { createFaces } from '../editor/node-face.ts';
import { wireChoices } from './wire-choices.ts';

const flow: Flow = {
  ...emptyFlow('f'),
  nodes: {
    ask: { kind: 'input', config: { fields: { question: { type: 'string' } } } },
    planner: { kind: 'control', config: { model: 'planner' } },
    orders: { kind: 'sql', config: { connection: 'shop' } },
    reply: { kind: 'output', config: { fields: { answer: { type: 'string' } } } },
  },
  links: [{ from: 'ask.question', to: 'planner.request' }],
};
const texts = (id: string) => wireChoices(flow, id, createFaces(kinds)).map(({ text }) => text);

test('a data node is granted first; an input that has a value already, and what does not fit, come last', () => {
  expect(texts('orders')).toEqual([
    'Control may call SQL',
    'SQL · rows → Control · history',
    'SQL · rows → Control · request',
    'SQL · truncated → Control · request',
    'SQL · truncated → Control · history (yes or no arrives where list is expected)',
    'SQL · rows → Output · answer (list arrives where text is expected)',
    'SQL · truncated → Output · answer (yes or no arrives where text is expected)',
  ]);
});

test('an end is linked to what has no value yet first', () => {
  expect(texts('reply').slice(0, 2)).toEqual(['Input · question → Output · answer', 'Control · answer → Output · answer']);
  expect(texts('ask').indexOf('Input · question → Output · answer')).toBe(0);
});
