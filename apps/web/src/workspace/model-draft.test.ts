/** What is written about a model becomes a model, or says what is missing. */
import { expect, test } from 'vitest';
import { modelDraft, parametersIn, presetDraft, readModel, suggestedName } from './model-draft.ts';
import { modelPresets, type ModelPreset } from './model-presets.ts';

function preset(id: string): ModelPreset {
  const found = modelPresets.find((each) => each.id === id);
  if (!found) throw new Error(`There is no preset "${id}"`);
  return found;
}

test('every preset becomes a model once its model is named', () => {
  for (const each of modelPresets) {
    const baseUrl = each.id === 'other' ? 'https://models.example.com/v1' : (each.baseUrl ?? '');
    expect(readModel({ ...presetDraft(each), model: 'Some/Model-7B', baseUrl }), each.id).toMatchObject({
      name: 'model-7b',
      model: { provider: each.provider },
    });
  }
});

test('mistakes are told by field', () => {
  expect(readModel({ ...presetDraft(preset('other')), name: 'no spaces' })).toEqual({
    mistakes: {
      name: expect.stringContaining('letters'),
      baseUrl: 'An address such as http://127.0.0.1:8000/v1.',
      model: 'Say which model the endpoint is to use.',
    },
  });
  expect(readModel({ ...presetDraft(preset('vllm')), model: 'm', baseUrl: '' })).toEqual({ mistakes: { baseUrl: 'Say where the endpoint is.' } });
});

test('a name is asked for only where none follows from the model', () => {
  const draft = presetDraft(preset('openai'));
  expect(readModel({ ...draft, model: '' })).toEqual({ mistakes: { model: 'Say which model the endpoint is to use.' } });
  expect(readModel({ ...draft, model: '???' })).toEqual({ mistakes: { name: 'Give it a name.' } });
});

test('a new model does not stand in the place of another, also under the name that is suggested', () => {
  const draft = { ...presetDraft(preset('vllm')), model: 'Qwen/Qwen3-32B', baseUrl: 'http://127.0.0.1:8000/v1' };
  const mistakes = { name: 'There is a model of that name already. Take another name, or change that one.' };
  expect(readModel(draft, ['qwen3-32b'])).toEqual({ mistakes });
  expect(readModel({ ...draft, name: 'planner' }, ['planner'])).toEqual({ mistakes });
  expect(readModel({ ...draft, name: 'second' }, ['planner', 'qwen3-32b'])).toMatchObject({ name: 'second' });
});

test('the protocol is kept, and the field of the schema where it counts', () => {
  const before = { provider: 'openai-compatible', model: 'a', baseUrl: 'http://h/v1', protocol: 'json-schema', schemaField: 'guided_json' } as const;
  expect(readModel(modelDraft('m', before))).toEqual({ name: 'm', model: before });
  expect(readModel({ ...modelDraft('m', before), protocol: 'prompt' })).toMatchObject({ model: { protocol: 'prompt' } });
  expect(readModel({ ...modelDraft('m', before), protocol: 'prompt' })).not.toHaveProperty('model.schemaField');
});

test('changing a model keeps its key, and leaves out what was emptied', () => {
  const before = { provider: 'openai-compatible', model: 'a', baseUrl: 'http://h/v1', apiKey: { secret: 'KEY' }, limits: { concurrency: 2 } } as const;
  expect(readModel({ ...modelDraft('m', before), concurrency: undefined, model: 'b' })).toEqual({
    name: 'm',
    model: { provider: 'openai-compatible', model: 'b', baseUrl: 'http://h/v1', apiKey: { secret: 'KEY' } },
  });
});

test.each([
  ['Qwen/Qwen3-32B', 'qwen3-32b', 32],
  ['qwen3:0.6b', 'qwen3-0.6b', 0.6],
  ['gpt-5-mini', 'gpt-5-mini', undefined],
  ['llama-3.1-8b-instruct', 'llama-3.1-8b-instruct', 8],
  ['//', '', undefined],
])('%s is named %s and has %s billion parameters', (model, name, parameters) => {
  expect([suggestedName(model), parametersIn(model)]).toEqual([name, parameters]);
});
