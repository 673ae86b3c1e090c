/** What a model call used: tokens as the endpoint counted them, estimated where it did not, and their price. */
import type { Model, ModelRequest, ModelResult, Usage } from '@switchyard/shared';

export interface TokenCount {
  inputTokens: number;
  outputTokens: number;
}

const charactersPerToken = 4;
const tokensPerPrice = 1_000_000;

/** Usage of one call. What `counted` leaves out is estimated at 4 characters a token. */
export function modelUsage(model: Model, counted: Partial<TokenCount>, exchange: { request: ModelRequest; result: ModelResult }): Partial<Usage> {
  const inputTokens = counted.inputTokens ?? estimate(JSON.stringify(exchange.request.messages) + JSON.stringify(exchange.request.tools ?? ''));
  const outputTokens = counted.outputTokens ?? estimate(exchange.result.text + exchange.result.toolCalls.map((call) => call.name + call.arguments).join(''));
  const cost = costOf(model, { inputTokens, outputTokens });
  return { modelCalls: 1, inputTokens, outputTokens, ...(cost !== undefined && { cost }) };
}

/** Tokens of texts that became vectors, and their cost. No call: a limit of those is on what models are asked to say. */
export function embeddingUsage(model: Model, inputTokens: number): Partial<Usage> {
  const cost = costOf(model, { inputTokens, outputTokens: 0 });
  return { inputTokens, ...(cost !== undefined && { cost }) };
}

/** Price in the currency of the card; undefined where the card knows none. */
function costOf(model: Model, count: TokenCount): number | undefined {
  const { inputPrice, outputPrice } = model.card ?? {};
  if (inputPrice === undefined && outputPrice === undefined) return undefined;
  return (count.inputTokens * (inputPrice ?? 0) + count.outputTokens * (outputPrice ?? 0)) / tokensPerPrice;
}

function estimate(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}
