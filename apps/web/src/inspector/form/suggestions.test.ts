/** What a template may use: own inputs, then what can be wired without closing a circle. */
import type { Ports } from '@switchyard/engine';
import { emptyFlow, type Flow } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { offersFor } from './suggestions.ts';

const ports: Record<string, Ports> = {
  ask: { inputs: {}, outputs: { question: { type: 'string' }, list: { type: 'array' } } },
  text: { inputs: { question: {}, name: {} }, outputs: { text: { type: 'string' } } },
  reply: { inputs: { text: {} }, outputs: { sent: { type: 'boolean' } } },
  other: { inputs: {}, outputs: { name: {}, question: {} } },
  tool: { inputs: {}, outputs: { rows: {} } },
};
const node = (kind: string) => ({ kind, config: {} });
const flow: Flow = {
  ...emptyFlow('f'),
  nodes: { ask: node('ask'), text: node('text'), reply: node('reply'), other: node('other'), tool: node('tool') },
  links: [
    { from: 'ask.question', to: 'text.question' },
    { from: 'text.text', to: 'reply.text' },
  ],
};

test('own inputs with where they come from; outputs of others under a free name; nothing that comes later', () => {
  const offers = offersFor(flow, 'text', {
    ports: (each) => ports[each.kind] as Ports,
    title: (each) => each.kind.toUpperCase(),
    isOnCallOnly: (id) => id === 'tool',
    sample: (id, port) => (id === 'ask' && port === 'question' ? 'Where?' : undefined),
  });
  expect(offers).toEqual([
    { name: 'question', detail: 'text · from ASK', sample: 'Where?' },
    { name: 'name', detail: 'not wired' },
    // "list" is one of the expression language's own words, so it cannot name an input.
    { name: 'ask_list', detail: 'list · from ASK', link: { from: 'ask.list', to: 'text.ask_list' } },
    { name: 'other_name', detail: 'anything · from OTHER', link: { from: 'other.name', to: 'text.other_name' } },
    { name: 'other_question', detail: 'anything · from OTHER', link: { from: 'other.question', to: 'text.other_question' } },
  ]);
});
