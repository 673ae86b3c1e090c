import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { workspaceSchema } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { discoverModels, probeJson } from './discover-models.ts';

/** As `GET /api/tags` of Ollama answers. */
const tags = {
  models: [
    {
      name: 'qwen3:0.6b',
      model: 'qwen3:0.6b',
      size: 522653767,
      details: { format: 'gguf', family: 'qwen3', families: ['qwen3'], parameter_size: '751.63M', quantization_level: 'Q4_K_M' },
    },
    { name: 'hf.co/Some/Model-GGUF:latest', model: 'x', details: { family: 'llama', parameter_size: '8.0B', quantization_level: 'F16' } },
    { name: 'odd:1', details: { parameter_size: 'unknown', quantization_level: '' } },
    { name: 'nomic-embed-text:latest', details: { family: 'nomic-bert', parameter_size: '137M', quantization_level: 'F16' } },
    { name: 7 },
    null,
  ],
};
const nowhere = () => Promise.reject(new Error('ECONNREFUSED'));

test('finds vendors by their keys, and names the secret, never the key', async () => {
  const found = await discoverModels({ OPENAI_API_KEY: 'sk-1', ANTHROPIC_API_KEY: 'sk-2', GOOGLE_GENERATIVE_AI_API_KEY: 'sk-3', OTHER: 'x' }, nowhere);
  expect(Object.keys(found)).toEqual(['openai', 'anthropic', 'google']);
  expect(found.anthropic?.model).toMatchObject({ provider: 'anthropic', apiKey: { secret: 'ANTHROPIC_API_KEY' } });
  expect(JSON.stringify(found)).not.toContain('sk-');
  expect(await discoverModels({ OPENAI_API_KEY: '' }, nowhere)).toEqual({});
});

test('finds the chat models of a running Ollama, with their sizes, under names that a workspace takes', async () => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(request.url === '/api/tags' ? tags : {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const asked: string[] = [];
  const found = await discoverModels({}, (url) => {
    asked.push(url);
    return probeJson(url.replace(':11434', `:${port}`));
  });
  server.close();
  server.closeAllConnections();
  expect(asked).toEqual(['http://127.0.0.1:11434/api/tags']);
  expect(found).toMatchObject({
    'ollama-qwen3-0.6b': { model: { provider: 'ollama', model: 'qwen3:0.6b', card: { parametersB: 0.75163, bitsPerWeight: 4 } } },
    'ollama-hf.co-Some-Model-GGUF': { model: { card: { parametersB: 8, bitsPerWeight: 16 } } },
    'ollama-odd-1': { model: { provider: 'ollama', model: 'odd:1' } },
  });
  expect(Object.keys(found)).toHaveLength(3);
  const models = Object.fromEntries(Object.entries(found).map(([name, { model }]) => [name, model]));
  expect(workspaceSchema.safeParse({ format: 'switchyard.workspace', version: 1, models }).success).toBe(true);
});

test('a port that answers otherwise, or never, is no Ollama', async () => {
  for (const answer of [null, [], { models: 7 }, 'hello']) expect(await discoverModels({}, () => Promise.resolve(answer))).toEqual({});
  const server = createServer(() => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const startedAt = performance.now();
  expect(await discoverModels({}, () => probeJson(`http://127.0.0.1:${port}/api/tags`))).toEqual({});
  expect(performance.now() - startedAt).toBeLessThan(5000);
  server.closeAllConnections();
  server.close();
});
