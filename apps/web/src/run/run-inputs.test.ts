/** What is typed for a run becomes the values its fields ask for. */
import type { Kind } from '@switchyard/engine';
import { emptyFlow, sortKeys, type Flow, type Schema } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { askedFields, inputControl, inputFields, readInputs, runTitle } from './run-inputs.ts';

const entry = { role: 'entry' } as Kind;

function fieldsOf(fields: Record<string, Schema>) {
  const flow: Flow = { ...emptyFlow('f'), nodes: { ask: { kind: 'entry', config: { fields } }, other: { kind: 'other', config: {} } } };
  return inputFields(flow, (node) => ({ kind: node.kind === 'entry' ? entry : undefined, ports: { inputs: {}, outputs: fields } }));
}

test('only entries are asked; titles, samples and what must be given come from the schema', () => {
  const fields = fieldsOf({
    question: { type: 'string', title: 'Question', examples: ['Where?'] },
    days: { type: 'integer', default: 7 },
    note: { type: ['string', 'null'] },
  });
  expect(fields.map(({ name, node, title, isRequired, samples }) => ({ name, node, title, isRequired, samples }))).toEqual([
    { name: 'question', node: 'ask', title: 'Question', isRequired: true, samples: ['Where?'] },
    { name: 'days', node: 'ask', title: 'days', isRequired: false, samples: [] },
    { name: 'note', node: 'ask', title: 'note', isRequired: false, samples: [] },
  ]);
});

test('what must be given is asked first, and the order does not change when the document is opened again', () => {
  const fields: Record<string, Schema> = { zone: { type: 'string' }, about: { type: 'string', default: '' }, city: { type: 'string' } };
  const names = (given: Record<string, Schema>) => fieldsOf(given).map(({ name }) => name);
  expect(names(fields)).toEqual(['city', 'zone', 'about']);
  expect(names(sortKeys(fields))).toEqual(names(fields));
  expect(askedFields('ask', fields).map(({ name }) => name)).toEqual(names(fields));
});

test('entries are asked as they stand on the canvas, from the top', () => {
  const nodes = { a: { kind: 'entry', config: {} }, b: { kind: 'entry', config: {} } };
  const flow: Flow = { ...emptyFlow('f'), nodes, layout: { a: [0, 200], b: [0, 0] } };
  const face = () => ({ kind: entry, ports: { inputs: {}, outputs: { text: {} } } });
  expect(inputFields(flow, face).map(({ node }) => node)).toEqual(['b', 'a']);
});

test.each([
  [{ type: 'string' }, 'text'],
  [{}, 'text'],
  [{ type: 'integer' }, 'number'],
  [{ type: ['number', 'null'] }, 'number'],
  [{ type: 'boolean' }, 'switch'],
  [{ enum: ['a', 2] }, 'choice'],
  [{ type: 'array', items: {} }, 'json'],
  [{ type: 'object' }, 'json'],
] as [Schema, string][])('%j is typed into a %s', (schema, control) => {
  expect(inputControl(schema)).toBe(control);
});

test('texts become numbers, choices, lists and objects', () => {
  const fields = fieldsOf({
    city: { type: 'string' },
    days: { type: 'integer' },
    level: { enum: ['low', 2] },
    tags: { type: 'array' },
    place: { type: 'object' },
    isOpen: { type: 'boolean' },
  });
  const typed = { city: 'Lyon', days: '7', level: '2', tags: '["a"]', place: '{"x":1}', isOpen: true };
  expect(readInputs(fields, typed)).toEqual({ inputs: { city: 'Lyon', days: 7, level: 2, tags: ['a'], place: { x: 1 }, isOpen: true }, mistakes: {} });
});

test('what is missing or does not fit is told at its field; an empty field with a default is left out', () => {
  const fields = fieldsOf({
    question: { type: 'string', title: 'Question' },
    days: { type: 'integer', default: 7 },
    count: { type: 'integer' },
    tags: { type: 'array' },
    isOpen: { type: 'boolean' },
    city: { type: 'string', title: 'City', examples: ['Lyon'] },
  });
  expect(readInputs(fields, { question: '  ', days: '', count: 'many', tags: '[' })).toEqual({
    inputs: { isOpen: false },
    mistakes: {
      question: 'Fill in "Question" first.',
      count: '"many" is not a number.',
      tags: '"[" is not JSON: a list such as ["a", "b"] is expected.',
      city: 'Fill in "City" first, or take a sample.',
    },
  });
});

test.each([
  [{ asap: false, days: 3, question: 'Where is it?', tone: 'calm' }, 'Where is it?'],
  [{ days: 3, note: '' }, '3'],
  [{}, ''],
])('a run given %j is known by "%s"', (inputs, title) => {
  expect(runTitle(inputs)).toBe(title);
});
