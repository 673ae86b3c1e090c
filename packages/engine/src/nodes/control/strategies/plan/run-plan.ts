/**
 * Carries a checked plan out: steps start as soon as what they need has ended, side by side where they may.
 *
 * 1. A step whose need failed is not run. A failure of one step ends no other.
 * 2. A step for each element of a list makes its calls at most `atOnce` at a time; its result is the list of theirs, a failure in its place.
 */
import type { Json, JsonObject } from '@switchyard/shared';
import { failure } from '@switchyard/shared';
import { inOrder, type Context, type Step } from '../../../../node.ts';
import type { Outcome, TurnCalls } from '../../operations/operation-calls.ts';
import { failureValue } from '../../results/kept-results.ts';
import { needsOf, NothingThere, resolve, type PlanStep } from './plan-document.ts';

const atOnce = 8;

/** What became of a step. `why`: it was not run. */
export type StepEnd = { step: PlanStep } & ({ outcome: Outcome; isFailed: boolean } | { why: string });

export interface PlanRun {
  /** Results of the steps that are done, also of plans before; grows. */
  results: Map<string, Json>;
  calls: TurnCalls;
  /** Of the conversation: what happens is told there. */
  context: Context;
}

/** Runs the steps; gives what became of each, in their order. Throws a FailureError where a limit of the run is reached. */
export function* runSteps(steps: readonly PlanStep[], run: PlanRun): Step<StepEnd[]> {
  const places = new Map(steps.map(({ id }, index) => [id, index]));
  const failed = new Set<string>();
  return yield* inOrder(
    steps.map((step) => ({
      needs: needsOf(step).flatMap((need) => places.get(need) ?? []),
      start: () => runStep(step, failed, run),
    })),
  );
}

function* runStep(step: PlanStep, failed: Set<string>, run: PlanRun): Step<StepEnd> {
  const { id } = step;
  const blocking = needsOf(step).find((need) => failed.has(need));
  if (blocking !== undefined) {
    failed.add(id);
    const why = `"${blocking}" failed`;
    run.context.tell({ type: 'plan-step', step: id, status: 'skipped', why });
    return { step, why };
  }
  run.context.tell({ type: 'plan-step', step: id, status: 'running' });
  const outcome = yield* outcomeOf(step, run);
  const isFailed = 'failure' in outcome;
  if (isFailed) failed.add(id);
  else run.results.set(id, outcome.value);
  run.context.tell({ type: 'plan-step', step: id, status: isFailed ? 'failed' : 'done', ...(isFailed && { why: outcome.failure.message }) });
  return { step, outcome, isFailed };
}

function* outcomeOf(step: PlanStep, { results, calls }: PlanRun): Step<Outcome> {
  let given: JsonObject[];
  try {
    given = argumentsOf(step, results);
  } catch (error) {
    if (!(error instanceof NothingThere)) throw error;
    return { source: step.operation, failure: failure('reference-empty', `Step "${step.id}" was not called: ${error.message}.`) };
  }
  const outcomes = yield* calls.make(
    given.map((args) => ({ name: step.operation, args })),
    { under: step.id, atOnce },
  );
  return step.each === undefined ? (outcomes[0] as Outcome) : gathered(step, outcomes);
}

function argumentsOf(step: PlanStep, results: ReadonlyMap<string, Json>): JsonObject[] {
  if (step.each === undefined) return [resolve(step.arguments, results) as JsonObject];
  const list = resolve(step.each, results);
  if (!Array.isArray(list)) throw new NothingThere('"each" leads to what is no list');
  return list.map((element) => resolve(step.arguments, results, element) as JsonObject);
}

/** One outcome of many: a failure only where all of them are. */
function gathered(step: PlanStep, outcomes: readonly Outcome[]): Outcome {
  const [first] = outcomes;
  if (first && outcomes.every((outcome) => 'failure' in outcome)) return first;
  const changed = outcomes.flatMap((outcome, index) => ('edited' in outcome && outcome.edited ? [[`element ${index + 1}`, outcome.edited] as const] : []));
  return {
    source: first?.source ?? step.operation,
    value: outcomes.map((outcome) => ('failure' in outcome ? failureValue(outcome) : outcome.value)),
    ...(changed.length > 0 && { edited: Object.fromEntries(changed) }),
  };
}
