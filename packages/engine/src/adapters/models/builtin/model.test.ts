import { FailureError, failure, type ModelResult } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { builtinModel, builtinModelNames } from './index.ts';
import { asModel } from './model.ts';

const request = { model: 'm', messages: [{ role: 'user' as const, text: 'x'.repeat(400) }] };

test('the text is streamed in small pieces that add up to the result', async () => {
  const text = 'All work and no play. '.repeat(60);
  const pieces: string[] = [];
  const { result, usage } = await asModel('planner', () => ({ text }))(request, {
    signal: new AbortController().signal,
    onDelta: (piece) => pieces.push(piece),
  });
  expect(pieces.join('')).toBe(text);
  expect(pieces.length).toBeGreaterThan(5);
  expect(pieces.length).toBeLessThanOrEqual(24);
  expect(result).toEqual({ text, toolCalls: [], finish: 'stop', served: 'built-in planner: no neural network, for trying out and for tests' });
  expect(usage?.modelCalls).toBe(1);
  expect(usage?.outputTokens).toBe(text.length / 4);
  expect(usage?.inputTokens).toBeGreaterThanOrEqual(100);
});

test('tool calls end the turn as such and count as output', async () => {
  const toolCalls = [{ id: 'call_1', name: 'orders_query', arguments: '{"sql":"SELECT 1"}' }];
  const { result, usage } = await asModel('planner', () => ({ text: '', toolCalls }))(request, { signal: new AbortController().signal, onDelta: () => {} });
  expect((result as unknown as ModelResult).finish).toBe('tool-calls');
  expect(usage?.outputTokens).toBeGreaterThan(0);
});

test('it stops when it is told to, with the reason it was given', async () => {
  const controller = new AbortController();
  const late = new FailureError(failure('limit-seconds', 'Too late.'));
  const running = asModel('planner', () => ({ text: 'word '.repeat(200) }))(request, { signal: controller.signal, onDelta: () => controller.abort(late) });
  await expect(running).rejects.toBe(late);
  const cancelled = asModel('planner', () => ({ text: 'word' }))(request, { signal: AbortSignal.abort(), onDelta: () => {} });
  await expect(cancelled).rejects.toMatchObject({ failure: { code: 'cancelled' } });
});

test('the three models are known by name, any other is refused', () => {
  expect(builtinModelNames).toEqual(['planner', 'classifier', 'writer']);
  for (const name of builtinModelNames) expect(builtinModel(name)).toBeTypeOf('function');
  expect(() => builtinModel('gpt')).toThrow(/There is no built-in model "gpt"/);
});
