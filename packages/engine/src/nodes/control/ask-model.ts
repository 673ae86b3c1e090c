/** One turn of a control node's model: which model is asked, and which one where it fails for good. */
import { FailureError, type Message, type ModelRequest, type ModelResult } from '@switchyard/shared';
import type { Context, Step } from '../../node.ts';

/** What of the node's settings says who is asked. */
export interface AskedModels {
  model: string;
  fallback?: string | undefined;
}

/** Asks once, under the key of `context`. Throws the FailureError of the last model asked. */
export function* askModel(config: AskedModels, request: Omit<ModelRequest, 'model'>, context: Context): Step<ModelResult> {
  const messages: Message[] = [...request.messages];
  try {
    return yield* context.model({ ...request, messages, model: config.model }, '.model');
  } catch (error) {
    const mayFallBack = config.fallback !== undefined && error instanceof FailureError && !error.failure.code.startsWith('limit-');
    if (!mayFallBack) throw error;
    return yield* context.model({ ...request, messages, model: config.fallback as string }, '.fallback');
  }
}
