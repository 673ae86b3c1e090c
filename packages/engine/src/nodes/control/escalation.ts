/** Which of several models answers: the next one is asked where one fails for good, does not answer as it should, or is not sure enough of its answer. */
import { isFinal, type Failure } from '@switchyard/shared';
import type { Context } from '../../node.ts';

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
