/** What the start tells of the models. */
import type { Model } from '@switchyard/shared';
import { expect, it } from 'vitest';
import { modelNotes } from './start-notes.ts';
import { echoFlow } from './testing/ask-flow.ts';
import type { ModelOrigin, WorkspaceView } from './workspace/live-workspace.ts';

const entry = (name: string, model: Model, origin: ModelOrigin = 'stored', isUsable = true) => ({ name, model, origin, isUsable });
const viewOf = (...models: WorkspaceView['models']): WorkspaceView => ({ models, connections: [], secrets: [], notes: ['a note'] });
const planner = entry('planner', { provider: 'builtin', model: 'planner' });
const mood = entry('mood', { provider: 'builtin', model: 'classifier' });
const demo = { flow: echoFlow('Order desk'), requires: ['planner', 'mood'] };

it('says plainly when no neural network answers, and what else is there', () => {
  const found = entry('ollama-qwen3', { provider: 'ollama', model: 'qwen3:0.6b' }, 'environment');
  expect(modelNotes(viewOf(planner, mood, found, entry('writer', { provider: 'builtin', model: 'writer' }, 'builtin')), demo)).toEqual([
    'Order desk runs on the built-in planner and classifier (no neural network, for trying out and for tests). Also offered: ollama-qwen3 (qwen3:0.6b, ollama).',
    'a note',
  ]);
  expect(modelNotes(viewOf(planner, mood), demo)[0]).toContain('No other model was found');
});

it('names the models that the demo really uses', () => {
  const real = entry('planner', { provider: 'openai-compatible', baseUrl: 'http://127.0.0.1:8000/v1', model: 'qwen3-32b' });
  expect(modelNotes(viewOf(real, mood), demo)[0]).toMatch(/^Order desk runs on planner \(qwen3-32b at 127\.0\.0\.1:8000\) and mood \(built-in classifier\)\./);
  expect(modelNotes(viewOf({ ...real, isUsable: false }))[0]).toMatch(/^The built-in models are there\./);
});
