/** Tries a model out: whether it answers, and in which way it can be given tools. */
import {
  FailureError,
  toFailure,
  type Failure,
  type Json,
  type Model,
  type ModelProtocol,
  type ModelRequest,
  type ModelResult,
  type SchemaField,
} from '@switchyard/shared';
import { validate } from '../../schema.ts';
import { ToolsRefusedError } from './model-endpoint.ts';
import { createModelCaller, type ModelPerformerOptions } from './model-performer.ts';
import { protocolsToTry, type Way } from './protocols/protocols-to-try.ts';

export interface ModelTest {
  /** It answered. */
  ok: boolean;
  /** Of its first answer. */
  latencyMs: number;
  /** It called the tool, with arguments that fit, in one of the ways that were tried. */
  toolCalling: boolean;
  /** The way in which it did. */
  protocol?: ModelProtocol;
  /** The field of a request that holds it to a schema, where that is its way. */
  schemaField?: SchemaField;
  message: string;
  failure?: Failure;
}

export interface ModelTestOptions extends Omit<ModelPerformerOptions, 'workspace'> {
  /** What messages call the model; default its own name. */
  name?: string;
  signal?: AbortSignal;
  /** Of all tries together; default 60,000: a local model may have to be loaded first. */
  timeoutMs?: number;
}

const defaultTimeoutMs = 60_000;
const city = 'Lisbon';
const parameters = {
  type: 'object',
  properties: { city: { type: 'string', description: 'Name of the city' } },
  required: ['city'],
  additionalProperties: false,
};
/** Nobody answers in this way of their own accord: an answer that fits was held to it. */
const odd = { type: 'object', properties: { salutation: { const: 'salut-47' } }, required: ['salutation'], additionalProperties: false };

/** Asks the model a few times at most, in one way after the other until one works. Never rejects for what the model does. */
export async function testModel(model: Model, options: ModelTestOptions): Promise<ModelTest> {
  const startedAt = performance.now();
  try {
    return await tryOut(model, options, startedAt);
  } catch (error) {
    const failed = toFailure(error);
    return { ok: false, latencyMs: since(startedAt), toolCalling: false, message: failed.message, failure: failed };
  }
}

function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}

/** Rejects where the time is up, or where nothing but a failure is to be had. */
async function tryOut(model: Model, options: ModelTestOptions, startedAt: number): Promise<ModelTest> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const name = options.name ?? model.model;
  const ask = createModelCaller({ ...options, isExact: true });
  const asker: Asker = async (way, request) => {
    const asked = { ...model, protocol: way.protocol, ...(way.schemaField && { schemaField: way.schemaField }) };
    const { result } = await ask(asked, { ...request, model: name }, { signal, onDelta: () => {} });
    return result as unknown as ModelResult;
  };
  const native: Way = { protocol: 'native' };
  let said: ModelResult;
  let misfit: string | undefined;
  try {
    said = await askForTool(asker, native);
    misfit = misfitOf(said);
  } catch (error) {
    // Where tools were refused it may answer without; whatever else failed would fail again.
    const isRefused = error instanceof ToolsRefusedError || (error instanceof FailureError && error.failure.code === 'model-refused');
    if (!isRefused) throw error;
    const greeted = await attempt(() => asker(native, { messages: [{ role: 'user', text: 'Say hello.' }] }));
    if (!greeted) throw error;
    said = greeted;
    misfit = withoutTools(said);
  }
  const latencyMs = since(startedAt);
  if (misfit === undefined) return { ok: true, latencyMs, toolCalling: true, ...native, message: `${said.served} answers and calls tools.` };
  const found = await tryOthers(asker, model);
  return found ? { ...found, latencyMs } : { ok: true, latencyMs, toolCalling: false, message: misfit };
}

type Asker = (way: Way, request: Omit<ModelRequest, 'model'>) => Promise<ModelResult>;

function askForTool(ask: Asker, way: Way): Promise<ModelResult> {
  return ask(way, {
    messages: [
      { role: 'system', text: 'You test whether tools can be called. Call the tool that fits the request, once.' },
      { role: 'user', text: `What is the temperature in ${city} now? Use the tool temperature with the city "${city}".` },
    ],
    tools: [{ name: 'temperature', description: 'Gives the temperature in a city now', parameters }],
  });
}

function withoutTools({ served }: ModelResult): string {
  return `${served} answers, but its endpoint takes no tools, and it did not write a call as JSON either: use it where no tools are needed, not as a control node's model.`;
}

/** The first of the other ways that works. */
async function tryOthers(ask: Asker, model: Model): Promise<Omit<ModelTest, 'latencyMs'> | undefined> {
  for (const way of protocolsToTry(model)) {
    if (way.schemaField !== undefined && !(await isHeldTo(ask, way))) continue;
    const said = await attempt(() => askForTool(ask, way));
    if (!said || misfitOf(said) !== undefined) continue;
    const { words, ...found } = way;
    return { ok: true, toolCalling: true, ...found, message: `${said.served} answers, and calls tools ${words}.` };
  }
  return undefined;
}

async function isHeldTo(ask: Asker, way: Way): Promise<boolean> {
  const said = await attempt(() => ask(way, { messages: [{ role: 'user', text: 'Say hello in one word.' }], output: odd }));
  const value = said && parsed(said.text);
  return value !== undefined && validate(odd, value).length === 0;
}

/** What it gives; undefined where the endpoint refused. Rejects where the time is up. */
async function attempt(ask: () => Promise<ModelResult>): Promise<ModelResult | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof FailureError && !['cancelled', 'model-timeout'].includes(error.failure.code)) return undefined;
    throw error;
  }
}

function misfitOf({ served, toolCalls }: ModelResult): string | undefined {
  const call = toolCalls.find(({ name }) => name === 'temperature');
  if (!call) {
    return `${served} answered, but did not call the tool that it was asked to call: use it where no tools are needed, not as a control node's model. Some servers need a setting for tools.`;
  }
  const value = parsed(call.arguments);
  const misfit =
    value === undefined
      ? 'they are not JSON'
      : validate(parameters, value)
          .map(({ message }) => message)
          .join(' ');
  if (misfit === '') return undefined;
  return `${served} called the tool, but its arguments do not fit (${misfit}): it will often fail as a control node's model.`;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
