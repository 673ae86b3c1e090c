import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError, type ModelRequest, type ModelResult, type Schema, type Workspace } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../../../port.ts';
import { isThorough } from '../../../testing/thorough.ts';
import { tinyGguf } from '../../../testing/tiny-gguf.ts';
import { writeTinyOnnx } from '../../../testing/tiny-onnx.ts';
import { createHost, type ClosableHost } from '../../host.ts';
import { openOnnx, type OnnxRuntime } from './onnx-model.ts';

const mood: Schema = { type: 'object', properties: { mood: { enum: ['calm', 'upset'] } }, required: ['mood'], additionalProperties: false };
const folder = mkdtempSync(join(tmpdir(), 'switchyard-local-'));
let host: ClosableHost;

beforeAll(() => {
  writeFileSync(join(folder, 'tiny.gguf'), tinyGguf());
  writeFileSync(join(folder, 'broken.gguf'), tinyGguf().subarray(0, 4000));
  writeTinyOnnx(join(folder, 'mood'));
  const models: Workspace['models'] = {
    tiny: { provider: 'gguf', model: 'tiny.gguf' },
    other: { provider: 'gguf', model: 'mood/config.json' },
    broken: { provider: 'gguf', model: 'broken.gguf' },
    mood: { provider: 'onnx', model: 'mood' },
    nowhere: { provider: 'onnx', model: 'nowhere' },
  };
  const workspace: Workspace = { format: 'switchyard.workspace', version: 1, models, connections: {} };
  host = createHost({
    workspace: () => workspace,
    baseDirectory: folder,
    dataDirectory: folder,
    secrets: { get: () => undefined, values: () => [] },
    examples: {},
  });
});

afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true });
});

async function ask(model: string, request: Omit<ModelRequest, 'model' | 'messages'> & { text?: string }, signal = new AbortController().signal) {
  const { text = 'The lamp is late again.', ...rest } = request;
  const asked: ModelRequest = {
    model,
    messages: [
      { role: 'system', text: 'Classify the message.' },
      { role: 'user', text },
    ],
    ...rest,
  };
  const call = {
    kind: 'model',
    pool: `model:${model}`,
    request: asked,
    effect: 'read',
    timeoutMs: 60_000,
    task: 't',
    target: { node: 't' },
  } as unknown as Call;
  const { result, usage } = await host.perform(call, { signal, onDelta: () => {} });
  return { ...(result as unknown as ModelResult), usage };
}

async function failureOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof FailureError) return error.failure;
  throw new Error(`No failure came, but ${String(error)}`);
}

/** What the real runtime does, as far as a classifier needs it: this model's figures are given. */
function runtimeOf(logits: number[]): OnnxRuntime {
  return {
    InferenceSession: {
      create: async () => ({
        inputNames: ['input_ids', 'attention_mask'],
        outputNames: ['logits'],
        run: async () => ({ logits: { data: logits, dims: [1, logits.length] } }),
      }),
    },
    Tensor: class {
      readonly data: ArrayLike<number> = [];
      readonly dims: readonly number[];
      constructor(_type: 'int64', _data: BigInt64Array, dims: readonly number[]) {
        this.dims = dims;
      }
    },
    Tokenizer: class {
      encode(text: string) {
        return { ids: text.split(' ').map((_, index) => index) };
      }
    },
  };
}

describe('a classifier', () => {
  const scope = { signal: new AbortController().signal, onText: () => {} };
  const classify = async (output: Schema | undefined, logits = [0, 2]) =>
    (await openOnnx(join(folder, 'mood'), runtimeOf(logits))).ask({ messages: [{ role: 'user', text: 'any words' }], ...(output && { output }) }, scope);

  it('gives the label that the schema writes, and how sure it is', async () => {
    expect(await classify(mood)).toMatchObject({ text: '{"mood":"upset"}', confidence: 0.8808, inputTokens: 2 });
    expect(await classify({ enum: ['UPSET', 'CALM'] }, [3, 0])).toMatchObject({ text: '"CALM"' });
    expect(await classify(undefined)).toMatchObject({ text: 'Upset' });
  });

  it('gives how sure it is where the schema asks for a number', async () => {
    const { text } = await classify({ type: 'object', properties: { mood: { enum: ['calm', 'upset'] }, sure: { type: 'number' } } });
    expect(JSON.parse(text)).toEqual({ mood: 'upset', sure: 0.8808 });
  });

  it('chooses among the labels that the schema allows', async () => {
    expect(await classify({ type: 'object', properties: { mood: { enum: ['calm'] } } })).toMatchObject({ text: '{"mood":"calm"}', confidence: 0.1192 });
  });

  it.each([
    ['a text', { type: 'object', properties: { summary: { type: 'string' } } }],
    ['labels that it does not have', { enum: ['red', 'green'] }],
    ['two labels', { type: 'object', properties: { a: { enum: ['calm'] }, b: { enum: ['upset'] } } }],
  ] as [string, Schema][])('refuses plainly to give %s', async (_, output) => {
    await expect(classify(output)).rejects.toMatchObject({ failure: { code: 'output-unsupported' } });
  });

  it('that does not fit its labels is told as unusable', async () => {
    await expect(classify(mood, [1, 2, 3])).rejects.toMatchObject({ failure: { code: 'model-unusable' } });
  });
});

describe('a place', () => {
  it('that holds nothing is told with what to do', async () => {
    const { code, message } = await failureOf(ask('nowhere', { output: mood }));
    expect(['model-unusable', 'runtime-missing']).toContain(code);
    expect(message).toContain('Model "nowhere"');
  });
});

// Needs the runtimes of local-models/, which npm run test:long brings.
if (isThorough) {
  describe('the real runtimes', () => {
    it('a GGUF model answers with JSON that fits the schema, whatever its weights', { timeout: 120_000 }, async () => {
      const first = await ask('tiny', { output: mood });
      expect(['calm', 'upset']).toContain((JSON.parse(first.text) as { mood: string }).mood);
      expect(first.usage).toMatchObject({ modelCalls: 1 });
      expect(first.usage?.inputTokens).toBeGreaterThan(10);
      expect((await ask('tiny', { output: mood })).text).toBe(first.text);
    });

    it('calls are answered one after the other, each with its own', { timeout: 120_000 }, async () => {
      const answers = await Promise.all(['one', 'two', 'three'].map((text) => ask('tiny', { output: mood, text })));
      for (const { text } of answers) expect(JSON.parse(text)).toHaveProperty('mood');
    });

    it('text has an end, and an answer that is not wanted any more is stopped', { timeout: 120_000 }, async () => {
      expect(await ask('tiny', { maxTokens: 5 })).toMatchObject({ finish: 'length' });
      const controller = new AbortController();
      const work = ask('tiny', { maxTokens: 2000 }, controller.signal);
      setTimeout(() => controller.abort(new Error('cancelled')), 300);
      expect(await failureOf(work)).toMatchObject({ code: 'cancelled' });
      expect(await ask('tiny', { maxTokens: 3 })).toMatchObject({ finish: 'length' });
    });

    it('a file that is no model ends no more than its call', { timeout: 120_000 }, async () => {
      expect(await failureOf(ask('other', {}))).toMatchObject({ code: 'model-unusable' });
      // A model that is cut off: how its runtime takes that is its affair, but the call's time ends it.
      expect(['cancelled', 'model-unusable', 'model-crashed']).toContain((await failureOf(ask('broken', {}, AbortSignal.timeout(1000)))).code);
      expect(await ask('tiny', { maxTokens: 3 })).toMatchObject({ finish: 'length' });
    });

    it('an ONNX classifier reads the words', { timeout: 120_000 }, async () => {
      expect(await ask('mood', { output: mood, text: 'I am angry, it is late' })).toMatchObject({ text: '{"mood":"upset"}', toolCalls: [] });
      const calm = await ask('mood', { output: mood, text: 'Thanks, it arrived' });
      expect(calm.text).toBe('{"mood":"calm"}');
      expect(calm.confidence).toBeGreaterThan(0.5);
    });
  });
}
