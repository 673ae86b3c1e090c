/** Which of several models answers: the next one is asked where one fails for good, does not answer as it should, or is not sure enough of its answer. */
import { FailureError, isFinal, type Failure } from '@switchyard/shared';
import { z } from 'zod';
import { field, type Context, type Step } from '../node.ts';

/** The settings besides `model`, the same for every kind that asks one. */
export const escalationFields = {
  fallback: z
    .union([field.model(), z.array(field.model()).max(8)])
    .optional()
    .meta({
      title: 'Fallback models',
      description: 'Asked in this order where the model before fails for good, does not answer as asked, or is not sure enough.',
    }),
  confidenceBelow: z.number().min(0).max(1).optional().meta({
    title: 'Escalate below confidence',
    description: 'Where a model tells how sure it is of its answer, and is less sure than this, the next one is asked.',
  }),
};

/** What of a node's settings says who is asked. */
export interface AskedModels {
  model: string;
  /** In the order in which they are asked. */
  fallback?: string | readonly string[] | undefined;
  /** A confidence, 0 to 1, below which the next one is asked. */
  confidenceBelow?: number | undefined;
}

export function modelsOf({ model, fallback = [] }: AskedModels): string[] {
  return [model, ...(typeof fallback === 'string' ? [fallback] : fallback)];
}

export function mayEscalate(cause: Failure): boolean {
  return !isFinal(cause);
}

/** Why an answer of this confidence is not taken; undefined where it is. */
export function doubtOf({ confidence }: { confidence?: number | undefined }, { confidenceBelow }: AskedModels): string | undefined {
  if (confidence === undefined || confidenceBelow === undefined || confidence >= confidenceBelow) return undefined;
  return `it was sure to ${confidence.toFixed(2)}, below ${confidenceBelow}`;
}

/** The context under which the next model is asked: the trace then says in place of whom, and why. `count` is 1 for the first fallback. */
export function escalated(context: Context, { from, why, count }: { from: string; why: string; count: number }): Context {
  return context.scope(count === 1 ? '.fallback' : `.fallback.${count}`, { escalated: { from, why } });
}

/** An answer, and how sure the model was of it, where that is known. */
export interface Told<Value> {
  value: Value;
  confidence?: number | undefined;
}

/** Asks the models in turn, each the whole of what `ask` does with it. Gives the first answer that is taken, else the last that there was; throws the FailureError of the last model where there was none. */
export function* askInTurn<Value>(config: AskedModels, ask: (model: string, at: Context) => Step<Told<Value>>, context: Context): Step<Told<Value>> {
  const models = modelsOf(config);
  let at = context;
  let unsure: Told<Value> | undefined;
  for (const [index, model] of models.entries()) {
    const isLast = index === models.length - 1;
    let why: string | undefined;
    try {
      const told = yield* ask(model, at);
      why = doubtOf(told, config);
      if (why === undefined || isLast) return told;
      unsure = told;
    } catch (error) {
      if (!(error instanceof FailureError) || !mayEscalate(error.failure)) throw error;
      if (isLast && unsure) return unsure;
      if (isLast) throw error;
      why = `${error.failure.code}: ${error.failure.message}`;
    }
    at = escalated(context, { from: model, why, count: index + 1 });
  }
  throw new Error('A node asks at least one model');
}
