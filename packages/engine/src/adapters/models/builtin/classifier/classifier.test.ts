import { FailureError, type JsonObject, type Message, type ModelRequest, type Schema } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import { classify } from './classifier.ts';

function ask(text: string, output: Schema, examples: readonly (readonly [string, unknown])[] = []): unknown {
  const messages: Message[] = [
    { role: 'system', text: 'Classify.' },
    ...examples.flatMap(([said, result]): Message[] => [
      { role: 'user', text: said },
      { role: 'assistant', text: JSON.stringify(result) },
    ]),
    { role: 'user', text },
  ];
  return JSON.parse(classify({ model: 'mood', messages, output }).text);
}

function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof FailureError && error.failure.code === 'model-refused') return error.failure.message;
    throw error;
  }
  throw new Error('It did not refuse');
}

const moods: [string, JsonObject][] = [
  ['Thank you, all is well', { mood: 'calm' }],
  ['The parcel arrived, lovely', { mood: 'calm' }],
  ['I give up, this is the second delay', { mood: 'upset' }],
  ['Unacceptable, I want my money back', { mood: 'upset' }],
];
const moodOnly: Schema = { type: 'object', properties: { mood: { enum: ['calm', 'upset'] } }, required: ['mood'], additionalProperties: false };

describe('an enum gets the label of the nearest example', () => {
  test.for<[string, string]>([
    ['third delay, I give up', 'upset'],
    ['my money back, now', 'upset'],
    ['thanks, lovely, all well', 'calm'],
    ['It arrived. Thank you!', 'calm'],
  ])('%s: %s', ([text, mood]) => expect(ask(text, moodOnly, moods)).toEqual({ mood }));

  test('a text of the examples gets its own label, with the greatest confidence', () => {
    const schema: Schema = {
      type: 'object',
      properties: { mood: { enum: ['calm', 'upset'] }, confidence: { type: 'number' } },
      required: ['mood', 'confidence'],
    };
    for (const [text, { mood }] of moods) {
      const answer = ask(text, schema, moods) as { mood: string; confidence: number };
      expect(answer.mood).toBe(mood);
      expect(answer.confidence).toBeGreaterThan(0.8);
    }
  });

  test('a text like none of the examples has no confidence', () => {
    const schema: Schema = { type: 'object', properties: { mood: { enum: ['calm', 'upset'] }, confidence: { type: 'number' } }, required: ['mood'] };
    expect(ask('你好', schema, moods)).toMatchObject({ confidence: 0 });
  });

  test('confidence in per cent where the schema goes to 100', () => {
    const schema: Schema = {
      type: 'object',
      properties: { mood: { enum: ['calm', 'upset'] }, confidence: { type: 'integer', maximum: 100 } },
      required: ['mood'],
    };
    const { confidence } = ask('third delay', schema, moods) as { confidence: number };
    expect(confidence).toBeGreaterThan(50);
    expect(Number.isInteger(confidence)).toBe(true);
  });

  test('yes or no is learned like any label; a bare enum is answered bare', () => {
    const schema: Schema = { type: 'object', properties: { urgent: { type: 'boolean' } }, required: ['urgent'] };
    const examples: [string, JsonObject][] = [
      ['now, at once, immediately', { urgent: true }],
      ['no hurry, whenever you can', { urgent: false }],
    ];
    expect(ask('please do it immediately', schema, examples)).toEqual({ urgent: true });
    expect(
      ask('bonjour, merci', { enum: ['French', 'German'] }, [
        ['bonjour', 'French'],
        ['guten tag', 'German'],
      ]),
    ).toBe('French');
  });

  test('too few examples: it says for which labels it has none', () => {
    const message = refusalOf(() => ask('third delay', moodOnly, moods.slice(0, 2)));
    expect(message).toContain('has none for "upset"');
    expect(message).toContain('no neural network');
  });
});

describe('other properties are read by their form', () => {
  test.for<[string, Schema, unknown]>([
    ['Write to ada@lab.example by Monday', { email: { type: 'string' } }, { email: 'ada@lab.example' }],
    ['We met on 5 March 2026 in Rome', { date: { type: 'string', format: 'date' } }, { date: '2026-03-05' }],
    ['Ship 12 boxes of 3.5 kg each', { weight: { type: 'number', description: 'in kg' }, boxes: { type: 'integer' } }, { weight: 3.5, boxes: 12 }],
    [
      'Net amount: 800\nVAT amount: 152\nTotal amount: 952',
      { total: { type: 'number', description: 'Total amount' }, net: { type: 'number', description: 'Net amount' } },
      { total: 952, net: 800 },
    ],
    ['Where is P-20481?', { parcel: { type: 'string' } }, { parcel: 'P-20481' }],
    ['Order 6880 and invoice INV-77', { order_number: { type: 'string' } }, { order_number: '6880' }],
    ['Plates AB-123 and ZH-4821', { plate: { type: 'string', pattern: '[A-Z]{2}-\\d{4}' } }, { plate: 'ZH-4821' }],
    ['a@b.example, c@d.example', { emails: { type: 'array', items: { type: 'string', format: 'email' } } }, { emails: ['a@b.example', 'c@d.example'] }],
    ['nothing here', { email: { type: ['string', 'null'] } }, { email: null }],
  ])('%s', ([text, properties, wanted]) => {
    expect(ask(text, { type: 'object', properties, required: Object.keys(properties) })).toEqual(wanted);
  });

  test('what is not there is left out where it may be, and refused where it must be', () => {
    expect(ask('nothing', { type: 'object', properties: { email: { type: 'string' } } })).toEqual({});
    expect(refusalOf(() => ask('nothing', { type: 'object', properties: { email: { type: 'string' } }, required: ['email'] }))).toContain(
      'holds nothing that fits "email"',
    );
  });

  test('what has no form is refused, with what it can do', () => {
    const message = refusalOf(() => ask('long text', { type: 'object', properties: { summary: { type: 'string' } }, required: ['summary'] }));
    expect(message).toContain('cannot give "summary"');
    expect(message).toContain('e-mail addresses');
  });

  test('no output schema: refused, but a request with tools is answered with what it is', () => {
    const request: ModelRequest = { model: 'mood', messages: [{ role: 'user', text: 'hello' }] };
    expect(refusalOf(() => classify(request))).toContain('needs an output schema');
    expect(classify({ ...request, tools: [{ name: 'x', description: 'x', parameters: {} }] }).text).toContain('built-in classifier');
  });
});
