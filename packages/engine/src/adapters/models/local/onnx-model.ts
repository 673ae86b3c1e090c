/**
 * A classifier of texts as ONNX, run within this process: a folder with `model.onnx` (or `onnx/model.onnx`), `tokenizer.json` and `config.json` with its
 * labels, as they are published. It chooses one label of those that the output schema allows, and says how sure it is. It can do nothing else.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type Json, type JsonObject, type Schema } from '@switchyard/shared';
import { LocalError, type LocalAnswer, type LocalAsk, type LocalModel } from './local-protocol.ts';

interface Tensor {
  data: ArrayLike<number>;
  dims: readonly number[];
}

interface InferenceSession {
  inputNames: readonly string[];
  outputNames: readonly string[];
  run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>;
}

/** What local-models/onnx.mjs gives. */
export interface OnnxRuntime {
  InferenceSession: { create(file: string, options: object): Promise<InferenceSession> };
  Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => Tensor;
  Tokenizer: new (tokenizer: JsonObject, config: JsonObject) => { encode(text: string): { ids: number[] } };
}

const mostTokens = 512;

/** Loads the model. Throws a LocalError where the folder holds no classifier that can be run. */
export async function openOnnx(folder: string, { InferenceSession, Tensor, Tokenizer }: OnnxRuntime): Promise<LocalModel> {
  const labels = labelsOf(readJson(folder, 'config.json'));
  const tokenizer = new Tokenizer(
    readJson(folder, 'tokenizer.json'),
    existsSync(join(folder, 'tokenizer_config.json')) ? readJson(folder, 'tokenizer_config.json') : {},
  );
  const session = await load(InferenceSession, folder);
  return {
    async ask(ask) {
      const text = ask.messages.findLast(({ role }) => role === 'user')?.text ?? '';
      const { ids } = tokenizer.encode(text);
      const tokens = ids.slice(0, mostTokens);
      const feeds = feedsOf(session.inputNames, tokens, (values) => new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]));
      const outputs = await session.run(feeds);
      const logits = [...Array.from((outputs.logits ?? outputs[session.outputNames[0] as string])?.data ?? [])];
      if (logits.length !== labels.length)
        throw new LocalError(
          'model-unusable',
          `it gives ${logits.length} figures for ${labels.length} labels of its config.json: it is no classifier of texts`,
        );
      return choose(softmax(logits), labels, { ask, inputTokens: tokens.length });
    },
  };
}

async function load(sessions: OnnxRuntime['InferenceSession'], folder: string): Promise<InferenceSession> {
  const file = ['model.onnx', 'onnx/model.onnx'].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined) throw new LocalError('model-unusable', `the folder ${folder} has no model.onnx`);
  try {
    return await sessions.create(file, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  } catch (error) {
    throw new LocalError('model-unusable', `it could not be loaded: ${(error as Error).message}`);
  }
}

function readJson(folder: string, name: string): JsonObject {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    if (isJsonObject(value)) return value;
  } catch {
    // Told below.
  }
  throw new LocalError('model-unusable', `the folder ${folder} has no readable ${name}`);
}

function labelsOf({ id2label }: JsonObject): string[] {
  if (!isJsonObject(id2label)) throw new LocalError('model-unusable', 'its config.json has no id2label, so it is no classifier of texts');
  return Object.keys(id2label)
    .sort((a, b) => Number(a) - Number(b))
    .map((id) => String(id2label[id]));
}

function feedsOf(names: readonly string[], tokens: readonly number[], tensor: (values: readonly number[]) => Tensor): Record<string, Tensor> {
  const values: Record<string, readonly number[]> = { input_ids: tokens, attention_mask: tokens.map(() => 1), token_type_ids: tokens.map(() => 0) };
  return Object.fromEntries(
    names.map((name) => {
      const given = Object.hasOwn(values, name) ? values[name] : undefined;
      if (!given) throw new LocalError('model-unusable', `it asks for the input "${name}", which a classifier of texts does not have`);
      return [name, tensor(given)];
    }),
  );
}

function softmax(logits: readonly number[]): number[] {
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** The likeliest label that the schema allows, as JSON of the schema. */
function choose(shares: readonly number[], labels: readonly string[], { ask, inputTokens }: { ask: LocalAsk; inputTokens: number }): LocalAnswer {
  const place = labelPlace(ask.output);
  let best: { value: string; share: number } | undefined;
  for (const [index, label] of labels.entries()) {
    const value = place ? place.values.find((allowed) => allowed.toLowerCase() === label.toLowerCase()) : label;
    const share = shares[index] as number;
    if (value !== undefined && share > (best?.share ?? -1)) best = { value, share };
  }
  if (!best)
    throw new LocalError(
      'output-unsupported',
      `none of its labels (${labels.join(', ')}) is one that the output schema allows. Name these labels in the schema`,
    );
  const confidence = Math.round(best.share * 10_000) / 10_000;
  const result: Json = place?.name === undefined ? best.value : { [place.name]: best.value, ...place.withShare(confidence) };
  return { text: ask.output ? JSON.stringify(result) : best.value, finish: 'stop', confidence, inputTokens, outputTokens: 1 };
}

interface LabelPlace {
  /** The property that holds the label; undefined where the answer is the label itself. */
  name?: string;
  values: string[];
  /** A number that the schema asks for besides the label is how sure the model is. */
  withShare(share: number): JsonObject;
}

/** Where the schema wants a label; undefined without a schema. Throws a LocalError where it wants something else. */
function labelPlace(output: Schema | undefined): LabelPlace | undefined {
  if (!output) return undefined;
  const own = textsOf(output);
  if (own) return { values: own, withShare: () => ({}) };
  const properties = isJsonObject(output.properties) ? Object.entries(output.properties) : [];
  const choices = properties.flatMap(([name, schema]) => (isJsonObject(schema) && textsOf(schema) ? [{ name, values: textsOf(schema) as string[] }] : []));
  const numbers = properties.filter(([, schema]) => isJsonObject(schema) && schema.type === 'number').map(([name]) => name);
  const [choice] = choices;
  if (!choice || choices.length > 1 || choices.length + numbers.length < properties.length)
    throw new LocalError(
      'output-unsupported',
      'it can only choose a label: let the output schema be one text with an enum of labels, and if wanted a number for how sure it is',
    );
  return { ...choice, withShare: (share) => Object.fromEntries(numbers.map((name) => [name, share])) };
}

function textsOf({ enum: values }: JsonObject): string[] | undefined {
  return Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'string') ? values : undefined;
}
