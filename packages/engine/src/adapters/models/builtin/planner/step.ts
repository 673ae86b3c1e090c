/** The planner's plan: steps, each of which calls one tool, some with what others found. */
import type { Json } from '@switchyard/shared';
import type { Operation, Parameter } from './layer.ts';
import type { Composed } from './question/compose-sql.ts';
import type { Question } from './question/question.ts';

/** Where an argument comes from. `all` is what has been found out, as text. */
export type Binding = { kind: 'value'; value: Json } | { kind: 'found'; step: Step; parameter: Parameter } | { kind: 'all' };

/** One way of making a step's call. */
export interface Attempt {
  operation: Operation;
  bindings: ReadonlyMap<string, Binding>;
  /** Where the call is a query that the planner composed: what it asks, and how its columns read. */
  query?: { question: Question; composed: Composed };
}

export interface Step {
  /** The first way, and what is tried where it fails or finds nothing. */
  attempts: Attempt[];
  /** What later steps take from its result: without it, the next attempt is made. */
  needs: readonly Parameter[];
  /** Words of the clause that nothing in the plan makes use of. */
  loose: readonly string[];
}

/** A clause of the request that nothing could be planned for, and why. */
export interface Unplanned {
  text: string;
  why: string;
}

export interface Plan {
  steps: Step[];
  unplanned: Unplanned[];
}

/** The steps that an attempt needs the results of. */
export function stepsBefore(attempt: Attempt): Step[] {
  return [...attempt.bindings.values()].flatMap((binding) => (binding.kind === 'found' ? [binding.step] : []));
}

/** Does the attempt use what all other steps have found? */
export function usesAll(attempt: Attempt): boolean {
  return [...attempt.bindings.values()].some(({ kind }) => kind === 'all');
}
