/** The kind `convert`: the same value as another type, or a part of it. */
import { FailureError, failure, jsonDepth, parseJson, type Json, type JsonObject, type Schema } from '@switchyard/shared';
import { z } from 'zod';
import { asText, expressionVariables, parseExpression } from '../../expression.ts';
import { defineNode, field } from '../../node.ts';

const targets = ['text', 'number', 'boolean', 'json', 'json-text', 'pick'] as const;
type Target = (typeof targets)[number];

const config = z.strictObject({
  to: z
    .enum(targets)
    .default('text')
    .meta({ title: 'To', description: 'Text, a number, true or false, JSON read from text, JSON written as text, or what an expression picks.' }),
  expression: field
    .expression()
    .optional()
    .meta({ widget: 'expression', title: 'Picks', description: 'An expression over value, such as value.orders[0].id. Other names in it become inputs.' }),
});

const schemas: Readonly<Record<Target, Schema>> = {
  text: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  json: {},
  'json-text': { type: 'string' },
  pick: {},
};

export const convertKind = defineNode({
  kind: 'convert',
  layer: 'control',
  title: 'Convert',
  tagline: 'A value as another type',
  icon: 'shuffle',
  doc: [
    '**Text** leaves text as it is and writes anything else as compact JSON, null as nothing. **Number** and **boolean** read text such as `12.5` and `true`.',
    '**JSON** reads text as JSON and leaves other values as they are; **JSON as text** writes any value as compact JSON.',
    '',
    '**Pick** gives what an expression makes of `value`: a part of it, a count, a list filtered. A value that cannot be converted fails the node.',
  ].join('\n'),
  config,
  initial: { to: 'text' },
  summary: ({ to, expression }) => (to === 'pick' ? `picks ${expression ?? '?'}` : `to ${to === 'json-text' ? 'JSON as text' : to === 'json' ? 'JSON' : to}`),
  ports: ({ to, expression }) => ({
    inputs: Object.fromEntries(['value', ...(to === 'pick' ? expressionVariables(expression ?? '') : [])].map((name) => [name, {}])),
    outputs: { value: schemas[to] },
  }),
  problems: ({ to, expression }) => {
    if (to === 'pick' && expression === undefined)
      return [{ field: 'expression', message: 'Say what to pick: an expression over value, such as value.total.' }];
    if (to !== 'pick' && expression !== undefined) return [{ field: 'expression', message: 'An expression is used only with "pick". Take it out, or pick.' }];
    return [];
  },
  *run({ config: { to, expression }, inputs }) {
    return { value: to === 'pick' ? parseExpression(expression ?? 'value').evaluate(inputs) : converted(to, inputs) };
  },
  examples: [
    { title: 'A list as text', config: { to: 'text' }, inputs: { value: [1, 2] }, outputs: { value: '[1,2]' } },
    { title: 'Text as a number', config: { to: 'number' }, inputs: { value: ' 12.5 ' }, outputs: { value: 12.5 } },
    { title: 'Text as true or false', config: { to: 'boolean' }, inputs: { value: 'False' }, outputs: { value: false } },
    { title: 'JSON read', config: { to: 'json' }, inputs: { value: '{"id":7}' }, outputs: { value: { id: 7 } } },
    { title: 'JSON written', config: { to: 'json-text' }, inputs: { value: 'a "word"' }, outputs: { value: '"a \\"word\\""' } },
    {
      title: 'A part of it',
      config: { to: 'pick', expression: 'value.orders.filter(order, order.total > limit).map(order, order.id)' },
      inputs: {
        value: {
          orders: [
            { id: 1, total: 5 },
            { id: 2, total: 50 },
          ],
        },
        limit: 10,
      },
      outputs: { value: [2] },
    },
  ],
});

function converted(to: Exclude<Target, 'pick'>, inputs: JsonObject): Json {
  const value = inputs.value as Json;
  switch (to) {
    case 'text':
      return asText(value);
    case 'json-text':
      return JSON.stringify(value);
    case 'number':
      return asNumber(value);
    case 'boolean':
      return asBoolean(value);
    case 'json':
      return typeof value === 'string' ? readJson(value) : value;
  }
}

function asNumber(value: Json): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw misfit(value, 'a number');
}

function asBoolean(value: Json): boolean {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'object' ? '' : String(value).trim().toLowerCase();
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw misfit(value, 'true or false');
}

function readJson(text: string): Json {
  // Deeper text would be refused wherever the value is read next.
  const value = jsonDepth(text) <= 64 ? parseJson(text) : undefined;
  if (value === undefined) throw misfit(text, 'JSON');
  return value;
}

function misfit(value: Json, what: string): FailureError {
  return new FailureError(
    failure(
      'convert-failed',
      `${(JSON.stringify(value) ?? '').slice(0, 80)} cannot be read as ${what}. See what comes to the node, or let it pick another part.`,
    ),
  );
}
