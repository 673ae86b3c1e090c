/** Several models behind one control node: which one is asked next, and that the trace says why. */
import { failure, FailureError, type Json, type ModelRequest } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { compile } from '../../compile/compile.ts';
import { deskFlow, deskKinds, found, question, type DeskFlow } from '../../testing/control-desk.ts';
import { testRun } from '../../testing/test-run.ts';

const said = (text: string, more: Record<string, Json> = {}) => ({ text, toolCalls: [], finish: 'stop', served: 'm', ...more });
const refuse = () => {
  throw new FailureError(failure('model-refused', 'no'));
};

/** Runs with what each model says, by its name. */
async function ask(config: DeskFlow['config'], says: Record<string, (request: ModelRequest) => Json>, limits = {}) {
  const asked: string[] = [];
  const run = await testRun(deskFlow({ config: { ...config }, limits }), {
    inputs: { question },
    registry: deskKinds,
    answers: {
      fetch: () => found({ order: 7 }),
      model: ({ request }) => {
        const { model } = request as unknown as ModelRequest;
        asked.push(model);
        return (says[model] as (request: ModelRequest) => Json)(request as unknown as ModelRequest);
      },
    },
  });
  return { ...run, asked };
}

test('each of the models is asked in turn where the one before fails, and the trace says in place of whom', async () => {
  const { result, asked, view } = await ask({ fallback: ['second', 'third'] }, { m: refuse, second: refuse, third: () => said('Third.') });
  expect(result.outputs).toEqual({ answer: 'Third.' });
  expect(asked).toEqual(['m', 'second', 'third']);
  expect([...view.calls.keys()]).toEqual(['boss#t1.model', 'boss#t1.fallback', 'boss#t1.fallback.2']);
  expect(view.calls.get('boss#t1.fallback.2')?.target.escalated).toEqual({ from: 'second', why: 'model-refused: no' });
});

test('a conversation does not go back to a model that has failed it', async () => {
  let turn = 0;
  const second = () => {
    turn += 1;
    return turn === 1 ? said('', { toolCalls: [{ id: 'a', name: 'desk_lookup', arguments: '{"id":7}' }], finish: 'tool-calls' }) : said('Bremen.');
  };
  const { asked, result } = await ask({ fallback: 'second' }, { m: refuse, second });
  expect(result.outputs).toEqual({ answer: 'Bremen.' });
  expect(asked).toEqual(['m', 'second', 'second']);
});

test('an answer that does not fit, also when told so, is asked of the next', async () => {
  const output = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const { result, asked, view } = await ask({ fallback: ['second'], output }, { m: () => said('Bremen'), second: () => said('{"city":"Bremen"}') });
  expect(result.outputs).toEqual({ answer: { city: 'Bremen' } });
  expect(asked).toEqual(['m', 'm', 'second']);
  expect(view.calls.get('boss#t3.model')?.target.escalated).toMatchObject({ from: 'm', why: expect.stringContaining('output-invalid') });
  const never = await ask({ fallback: ['second'], output }, { m: () => said('Bremen'), second: () => said('Kiel') });
  expect(never.result.failure?.code).toBe('output-invalid');
  expect(never.asked).toEqual(['m', 'm', 'second', 'second']);
});

test('an answer below the confidence is asked of the next; where that one fails, the unsure one stands', async () => {
  const config = { fallback: ['second'], confidenceBelow: 0.7 };
  const unsure = (request: ModelRequest) => {
    expect(request.confidence).toBe(true);
    return said('Kiel?', { confidence: 0.4 });
  };
  const { result, view } = await ask(config, { m: unsure, second: () => said('Bremen.', { confidence: 0.9 }) });
  expect(result.outputs).toEqual({ answer: 'Bremen.' });
  expect(view.calls.get('boss#t1.fallback')?.target.escalated).toEqual({ from: 'm', why: 'it was sure to 0.40, below 0.7' });
  expect((await ask(config, { m: unsure, second: refuse })).result.outputs).toEqual({ answer: 'Kiel?' });
  expect((await ask(config, { m: () => said('Sure.', { confidence: 0.7 }), second: refuse })).result.outputs).toEqual({ answer: 'Sure.' });
});

test('a limit is never escalated', async () => {
  const { result, asked } = await ask({ fallback: ['second'] }, { m: refuse, second: () => said('never') }, { modelCalls: 1 });
  expect(result.failure?.code).toBe('limit-model-calls');
  expect(asked).toEqual(['m']);
});

test.each([['spare'], [['spare']]])('the models of %j are names of the workspace', (fallback) => {
  const workspace = { format: 'switchyard.workspace', version: 1, models: { m: { provider: 'builtin', model: 'planner' } }, connections: {} } as const;
  expect(compile(deskFlow({ config: { fallback } }), workspace, deskKinds).diagnostics.map(({ code }) => code)).toContain('model-missing');
});
