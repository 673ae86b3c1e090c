/** Fixes are JSON patches on the document as it was checked; one that no longer fits changes nothing. */
import { emptyFlow, type Flow } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import { applyFix, insertOnLink, removeAndHeal, renameFlow, renamePort, setDescription, setGrant, setLimits } from './commands.ts';

const flow: Flow = {
  ...emptyFlow('Desk'),
  nodes: {
    ask: { kind: 'input', config: { fields: { question: {} } } },
    text: { kind: 'template', config: { template: '{{a}}' } },
    reply: { kind: 'output', config: { fields: { answer: {} } } },
  },
  links: [
    { from: 'ask.question', to: 'text.a' },
    { from: 'text.text', to: 'reply.answer' },
  ],
  grants: [],
};

describe('fixes', () => {
  test('add, replace and remove, in lists and records', () => {
    const fixed = applyFix(flow, [
      { op: 'remove', path: '/links/0' },
      { op: 'add', path: '/links/-', value: { from: 'ask.question', to: 'reply.answer' } },
      { op: 'replace', path: '/nodes/text/config/template', value: 'Hello' },
      { op: 'add', path: '/limits', value: { seconds: 5 } },
    ]);
    expect(fixed.links).toEqual([
      { from: 'text.text', to: 'reply.answer' },
      { from: 'ask.question', to: 'reply.answer' },
    ]);
    expect(fixed.nodes.text?.config.template).toBe('Hello');
    expect(fixed.limits).toEqual({ seconds: 5 });
    expect(fixed.nodes.ask).toBe(flow.nodes.ask);
  });

  test('that remove a node take its links', () => {
    expect(applyFix(flow, [{ op: 'remove', path: '/nodes/text' }]).links).toEqual([]);
  });

  test.each([
    ['a path that leads nowhere', { op: 'replace', path: '/nodes/gone/title', value: 'x' }],
    ['an index past the end', { op: 'remove', path: '/links/9' }],
    ['a value that the document may not hold', { op: 'replace', path: '/nodes/ask/kind', value: 7 }],
  ] as const)('with %s change nothing', (_what, step) => {
    expect(applyFix(flow, [step])).toBe(flow);
  });
});

test('removing a node heals the wire through it', () => {
  expect(removeAndHeal(flow, 'text').links).toEqual([{ from: 'ask.question', to: 'reply.answer' }]);
});

test('a node is inserted into the middle of a link', () => {
  const added = { id: 'mid', node: { kind: 'template', config: { template: '{{x}}' } }, at: [0, 0] as [number, number] };
  const link = { from: 'ask.question', to: 'text.a' };
  expect(insertOnLink(flow, { link, added, input: 'x', output: 'text' }).links).toEqual([
    { from: 'text.text', to: 'reply.answer' },
    { from: 'ask.question', to: 'mid.x' },
    { from: 'mid.text', to: 'text.a' },
  ]);
});

test('links follow a port that is renamed', () => {
  expect(renamePort(flow, { node: 'text', side: 'input', from: 'a', to: 'b' }).links[0]).toEqual({ from: 'ask.question', to: 'text.b' });
  expect(renamePort(flow, { node: 'ask', side: 'output', from: 'question', to: 'q' }).links[0]).toEqual({ from: 'ask.q', to: 'text.a' });
});

test('what takes its default again is not written', () => {
  const limited = setLimits(flow, { seconds: 5 });
  expect(setLimits(limited, { seconds: undefined })).not.toHaveProperty('limits');
  expect(setDescription(setDescription(flow, 'About'), '')).not.toHaveProperty('description');
  expect(renameFlow(flow, '  ')).toBe(flow);
  const granted = { ...flow, grants: [{ from: 'ask', to: 'text', operations: ['a'] }] };
  expect(setGrant(granted, { from: 'ask', to: 'text' }, { operations: undefined }).grants).toEqual([{ from: 'ask', to: 'text' }]);
});
