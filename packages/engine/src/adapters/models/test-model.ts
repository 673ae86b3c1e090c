/** Tries a model out: one short request that offers a tool and asks for it. */
import { toFailure, type Failure, type Json, type Model, type ModelRequest, type ModelResult } from '@switchyard/shared';
import { validate } from '../../schema.ts';
import { createModelCaller, type ModelPerformerOptions } from './model-performer.ts';

export interface ModelTest {
  /** It answered. */
  ok: boolean;
  latencyMs: number;
  /** It called the tool, with arguments that fit. */
  toolCalling: boolean;
  message: string;
  failure?: Failure;
}

export interface ModelTestOptions extends Omit<ModelPerformerOptions, 'workspace'> {
  /** What messages call the model; default its own name. */
  name?: string;
  signal?: AbortSignal;
  /** Default 30,000: a local model may have to be loaded first. */
  timeoutMs?: number;
}

const defaultTimeoutMs = 30_000;
const city = 'Lisbon';
const parameters = {
  type: 'object',
  properties: { city: { type: 'string', description: 'Name of the city' } },
  required: ['city'],
  additionalProperties: false,
};

/** Asks the model once and tells whether it answers and whether it can call tools. Never rejects for what the model does. */
export async function testModel(model: Model, options: ModelTestOptions): Promise<ModelTest> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const request: ModelRequest = {
    model: options.name ?? model.model,
    messages: [
      { role: 'system', text: 'You test whether tools can be called. Call the tool that fits the request, once.' },
      { role: 'user', text: `What is the temperature in ${city} now? Use the tool temperature with the city "${city}".` },
    ],
    tools: [{ name: 'temperature', description: 'Gives the temperature in a city now', parameters }],
  };
  const startedAt = performance.now();
  const latency = () => Math.round(performance.now() - startedAt);
  try {
    const { result } = await createModelCaller(options)(model, request, { signal, onDelta: () => {} });
    return { ok: true, latencyMs: latency(), ...judge(result as unknown as ModelResult) };
  } catch (error) {
    const failed = toFailure(error);
    return { ok: false, latencyMs: latency(), toolCalling: false, message: failed.message, failure: failed };
  }
}

function judge({ served, toolCalls }: ModelResult): Pick<ModelTest, 'toolCalling' | 'message'> {
  const call = toolCalls.find(({ name }) => name === 'temperature');
  if (!call) {
    return {
      toolCalling: false,
      message: `${served} answered, but did not call the tool that it was asked to call: use it where no tools are needed, not as a control node's model. Some servers need a setting for tools.`,
    };
  }
  const misfit = misfitOf(call.arguments);
  if (misfit !== undefined)
    return {
      toolCalling: false,
      message: `${served} called the tool, but its arguments do not fit (${misfit}): it will often fail as a control node's model.`,
    };
  return { toolCalling: true, message: `${served} answers and calls tools.` };
}

function misfitOf(text: string): string | undefined {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return 'they are not JSON';
  }
  const mismatches = validate(parameters, value);
  return mismatches.length === 0 ? undefined : mismatches.map(({ message }) => message).join(' ');
}
