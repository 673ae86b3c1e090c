/** The control loop: a model is shown the request and its tools; it calls, sees results, calls again, and answers. */
import { FailureError, failure, type Json, type JsonObject, type ModelResult, type Schema } from '@switchyard/shared';
import { parallel, type Context, type Granted, type Step } from '../../node.ts';
import { mismatchText, validate } from '../../schema.ts';
import { askModel } from './ask-model.ts';
import { openingMessages } from './prompt.ts';
import { ToolCalls } from './tool-calls.ts';
import { bindTools, describeTools } from './tools.ts';

export interface ConversationConfig {
  model: string;
  fallback?: string | undefined;
  instructions: string;
  output?: Schema | undefined;
}

/** Talks until the model answers. Gives the answer: text, or JSON of `output`. Throws a FailureError where the model or a limit ends it. */
export function* converse(config: ConversationConfig, inputs: JsonObject, granted: readonly Granted[], context: Context): Step<Json> {
  const catalogues = yield* readCatalogues(granted, context);
  const tools = bindTools(granted, catalogues);
  const messages = openingMessages(config.instructions, inputs, { granted, tools, catalogues });
  const described = describeTools(tools);
  const toolCalls = new ToolCalls(tools, context);
  let repairs = 0;
  for (let turn = 1; turn <= context.limits.modelCalls; turn += 1) {
    const scope = context.scope(`#t${turn}`, { turn });
    const request = { messages, ...(described.length > 0 && { tools: described }), ...(config.output && { output: config.output }) };
    const said = yield* askModel(config, request, scope);
    messages.push({ role: 'assistant', text: said.text, ...(said.toolCalls.length > 0 && { toolCalls: said.toolCalls }) });
    if (said.toolCalls.length > 0) {
      messages.push(...(yield* toolCalls.make(said.toolCalls, scope)));
      continue;
    }
    const answer = readAnswer(said, config);
    if ('value' in answer) return answer.value;
    repairs += 1;
    if (repairs > 1)
      throw new FailureError(
        failure(
          'output-invalid',
          `The model "${config.model}" did not answer as its output schema asks: ${answer.misfit} Make the schema simpler, or use another model.`,
        ),
      );
    messages.push({
      role: 'user',
      text: `Your answer does not fit: ${answer.misfit} Answer again with JSON of this schema only: ${JSON.stringify(config.output)}`,
    });
  }
  throw new FailureError(
    failure('limit-model-calls', `No answer after ${context.limits.modelCalls} turns. Raise "limits.modelCalls" of the flow, or make the task smaller.`),
  );
}

/** A catalogue that cannot be read keeps the node callable: calling it will say what is wrong. */
function* readCatalogues(granted: readonly Granted[], context: Context): Step<JsonObject> {
  const readers = granted.filter((one) => one.catalogue);
  const read = yield* parallel(readers.map((one) => readCatalogue(one, context)));
  const catalogues: JsonObject = {};
  readers.forEach(({ node }, index) => {
    const catalogue = read[index];
    if (catalogue !== undefined && catalogue !== null) catalogues[node] = catalogue;
  });
  return catalogues;
}

function* readCatalogue(granted: Granted, context: Context): Step<Json> {
  try {
    return (yield* granted.catalogue?.(context.scope(`.catalogue.${granted.node}`, { node: granted.node, operation: 'catalogue' })) ?? nothing()) as Json;
  } catch (error) {
    if (error instanceof FailureError) return null;
    throw error;
  }
}

function* nothing(): Step<Json> {
  return null;
}

function readAnswer(said: ModelResult, config: ConversationConfig): { value: Json } | { misfit: string } {
  if (said.text.trim() === '') {
    const why = said.finish === 'length' ? 'it reached its output limit before it said anything' : 'it said nothing and called nothing';
    throw new FailureError(failure('model-empty', `The model "${config.model}" gave no answer: ${why}. Run again, or use another model.`));
  }
  if (!config.output) return { value: said.text };
  const value = parseAnswer(said.text);
  if (value === undefined) return { misfit: 'it is not JSON.' };
  const mismatches = validate(config.output, value);
  return mismatches.length === 0 ? { value } : { misfit: mismatchText(mismatches) };
}

/** JSON, also within a code fence. */
function parseAnswer(text: string): Json | undefined {
  const fenced = /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/.exec(text);
  try {
    return JSON.parse(fenced?.[1] ?? text) as Json;
  } catch {
    return undefined;
  }
}
