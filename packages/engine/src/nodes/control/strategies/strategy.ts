/** What a strategy is: what a model is told of how to work, the tools it is given, and what its calls of them lead to. The conversation around it is the same for all. */
import type { Tool, ToolCall } from '@switchyard/shared';
import type { Context, Step } from '../../../node.ts';
import type { DataLayer } from '../digest/digest.ts';
import type { OperationCalls } from '../operations/operation-calls.ts';
import type { KeptResults } from '../results/kept-results.ts';

/** What a strategy works with: the same for the whole of one conversation. */
export interface Desk {
  layer: DataLayer;
  calls: OperationCalls;
  kept: KeptResults;
  /** A person is asked before a plan is carried out. */
  approvePlan?: boolean | undefined;
  /** Of the conversation, above its turns. */
  context: Context;
  /** A person is shown the code of a model before it runs. */
  approvesCode: boolean;
}

export interface Strategy {
  /** What the model is told of how to work. */
  manners: string;
  /** What the model is told of the data layer besides its catalogue. */
  parts: readonly string[];
  /** What the model is given in the next turn. */
  tools(): Tool[];
  /** Makes the calls of one turn; gives what the model is told of each, in their order. Throws a FailureError where a limit is reached. */
  make(calls: readonly ToolCall[], turn: Context): Step<string[]>;
}
