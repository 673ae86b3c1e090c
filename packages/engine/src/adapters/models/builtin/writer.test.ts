import { FailureError } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { write } from './writer.ts';

const reply = (prompt: string) =>
  write({
    model: 'writer',
    messages: [
      { role: 'system', text: 'Be kind.' },
      { role: 'user', text: prompt },
    ],
  }).text;

test('facts under their heading become a list, the name a greeting', () => {
  const text = reply('Write a reply.\n\nCustomer: Ada Smith\n\nFacts:\n<data>\nOrder 12 was sent.\n{"parcel":"P-1","events":[{"at":"Monday"}]}\n</data>');
  expect(text).toContain('Hello Ada Smith,');
  expect(text).toContain('- Order 12 was sent.\n- parcel: P-1\n- events at: Monday\n');
  expect(text).not.toContain('data>');
});

test('without a heading, lines with a colon and list items are the facts', () => {
  const text = reply('Tell them.\nStatus: late\n- It rains');
  expect(text).toContain('- Status: late\n- It rains\n');
  expect(text).toContain('Hello,');
});

test('it invents nothing where the prompt has no facts, and always says what it is', () => {
  const text = reply('Write a poem about autumn.');
  expect(text).toContain('gives no facts');
  expect(text).not.toContain('autumn');
  expect(text).toContain('(Filled in by the built-in writer: no neural network, for trying out and for tests.)');
});

test('an output schema with one text is filled; one that asks for more is refused', () => {
  const messages = [{ role: 'user' as const, text: 'Facts: it rains' }];
  const output = { type: 'object', properties: { letter: { type: 'string' } }, required: ['letter'] };
  expect(JSON.parse(write({ model: 'writer', messages, output }).text)).toMatchObject({ letter: expect.stringContaining('- it rains') });
  expect(() =>
    write({
      model: 'writer',
      messages,
      output: { type: 'object', properties: { letter: { type: 'string' }, score: { type: 'number' } }, required: ['letter', 'score'] },
    }),
  ).toThrow(FailureError);
});
