/** The control loop: a model is shown the request and its tools; it calls, sees results, calls again, and answers. What a call means is its strategy's affair. */
import { FailureError, failure, type Json, type JsonObject, type Message, type Schema } from '@switchyard/shared';
import type { Context, Granted, Step } from '../../node.ts';
import { readAnswer } from './answer.ts';
import { Models } from './ask-model.ts';
import { readLayer } from './data-layer.ts';
import { OperationCalls } from './operations/operation-calls.ts';
import { openingMessages } from './prompt.ts';
import { KeptResults } from './results/kept-results.ts';
import { strategies, type StrategyName } from './strategies/index.ts';

export interface ConversationConfig {
  model: string;
  fallback?: string | readonly string[] | undefined;
  confidenceBelow?: number | undefined;
  strategy: StrategyName;
  instructions: string;
  output?: Schema | undefined;
  approveCode?: boolean | undefined;
  approvePlan?: boolean | undefined;
  catalogueTokens?: number | undefined;
}

/** Tokens of the catalogue where nothing else is said. */
const catalogueTokens = 12_000;

/** Talks until the model answers. Gives the answer: text, or JSON of `output`. Throws a FailureError where the model or a limit ends it. */
export function* converse(config: ConversationConfig, inputs: JsonObject, granted: readonly Granted[], context: Context): Step<Json> {
  const layer = yield* readLayer(granted, context);
  const kept = new KeptResults();
  const calls = new OperationCalls([...layer.tools, ...kept.tools], context);
  const { approveCode: approvesCode = false, approvePlan } = config;
  const strategy = strategies[config.strategy]({ layer, calls, kept, context, approvesCode, approvePlan });
  const messages = openingMessages(config.instructions, inputs, { layer, strategy, catalogueTokens: config.catalogueTokens ?? catalogueTokens });
  const models = new Models(config);
  let repairs = 0;
  for (let turn = 1; turn <= context.limits.modelCalls; turn += 1) {
    const scope = context.scope(`#t${turn}`, { turn });
    const tools = strategy.tools();
    const request = { messages, ...(tools.length > 0 && { tools }), ...(config.output && { output: config.output }) };
    const said = yield* models.ask(request, scope);
    messages.push({ role: 'assistant', text: said.text, ...(said.toolCalls.length > 0 && { toolCalls: said.toolCalls }) });
    if (said.toolCalls.length > 0) {
      const told = yield* strategy.make(said.toolCalls, scope);
      messages.push(...said.toolCalls.map(({ id, name }, index): Message => ({ role: 'tool', toolCallId: id, name, text: told[index] as string })));
      continue;
    }
    const answer = readAnswer(said, models.current, config.output);
    if ('value' in answer) return answer.value;
    repairs += 1;
    if (repairs > 1) {
      if (!models.leave(`output-invalid: ${answer.misfit}`)) throw misfitAnswer(models.current, answer.misfit);
      repairs = 0;
    }
    messages.push({
      role: 'user',
      text: `Your answer does not fit: ${answer.misfit} Answer again with JSON of this schema only: ${JSON.stringify(config.output)}`,
    });
  }
  throw new FailureError(
    failure('limit-model-calls', `No answer after ${context.limits.modelCalls} turns. Raise "limits.modelCalls" of the flow, or make the task smaller.`),
  );
}

function misfitAnswer(model: string, misfit: string): FailureError {
  return new FailureError(
    failure('output-invalid', `The model "${model}" did not answer as its output schema asks: ${misfit} Make the schema simpler, or use another model.`),
  );
}
