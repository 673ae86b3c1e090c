/** How far a plan has come: which calls can be made now, which steps are done, and which cannot go on. */
import type { JsonObject } from '@switchyard/shared';
import { callKey } from './conversation.ts';
import { findValues } from './found-values.ts';
import { isEmpty, type Outcome } from './outcome.ts';
import { stepsBefore, usesAll, type Attempt, type Plan, type Step } from './step.ts';

export interface MadeCall {
  args: JsonObject;
  outcome: Outcome;
}

export type StepState =
  | { kind: 'waiting' }
  | { kind: 'ready'; attempt: Attempt; calls: JsonObject[] }
  | { kind: 'done'; attempt: Attempt; calls: MadeCall[] }
  /** It needs something that was not found. */
  | { kind: 'blocked'; attempt: Attempt; why: string };

/** The state of every step. `tellAll` says what the steps done so far have found out, for those that take it all. */
export function followPlan(
  plan: Plan,
  made: ReadonlyMap<string, Outcome | undefined>,
  tellAll: (states: ReadonlyMap<Step, StepState>) => string,
): Map<Step, StepState> {
  const states = new Map<Step, StepState>();
  for (const step of plan.steps) states.set(step, followStep(step, states, { made, tellAll }));
  return states;
}

interface Known {
  made: ReadonlyMap<string, Outcome | undefined>;
  tellAll: (states: ReadonlyMap<Step, StepState>) => string;
}

function followStep(step: Step, states: ReadonlyMap<Step, StepState>, known: Known): StepState {
  let first: StepState | undefined;
  for (const attempt of step.attempts) {
    const state = followAttempt(attempt, states, known);
    if (state.kind !== 'done') return first && state.kind === 'blocked' ? first : state;
    if (isSatisfied(step, state.calls)) return state;
    // Where no attempt finds anything, the first one tells most.
    first ??= state;
  }
  return first ?? { kind: 'waiting' };
}

function followAttempt(attempt: Attempt, states: ReadonlyMap<Step, StepState>, known: Known): StepState {
  const before = stepsBefore(attempt).map((step) => states.get(step));
  if (before.some((state) => state === undefined || state.kind === 'waiting' || state.kind === 'ready')) return { kind: 'waiting' };
  if (usesAll(attempt) && [...states.values()].some((state) => state.kind === 'waiting' || state.kind === 'ready')) return { kind: 'waiting' };
  const readied = argumentsOf(attempt, states, known);
  if ('why' in readied) return { kind: 'blocked', attempt, why: readied.why };
  const { operation } = attempt;
  const open = readied.list.filter((args) => !known.made.has(callKey(operation.tool, args)));
  if (open.length > 0) return { kind: 'ready', attempt, calls: open };
  const calls = readied.list.map(
    (args): MadeCall => ({
      args,
      outcome: known.made.get(callKey(operation.tool, args)) ?? { kind: 'failure', code: 'result-missing', message: 'No result came back.' },
    }),
  );
  return { kind: 'done', attempt, calls };
}

/** One set of arguments, or one for each value that was found. */
function argumentsOf(attempt: Attempt, states: ReadonlyMap<Step, StepState>, known: Known): { list: JsonObject[] } | { why: string } {
  let list: JsonObject[] = [{}];
  for (const [name, binding] of attempt.bindings) {
    if (binding.kind === 'value') list = list.map((args) => ({ ...args, [name]: binding.value }));
    else if (binding.kind === 'all') {
      const text = known.tellAll(states);
      if (text === '') return { why: 'nothing was found out that it could work on' };
      list = list.map((args) => ({ ...args, [name]: text }));
    } else {
      const state = states.get(binding.step);
      const values =
        state?.kind === 'done'
          ? findValues(
              state.calls.map(({ outcome }) => outcome),
              binding.parameter,
            )
          : [];
      if (values.length === 0) return { why: `no ${binding.parameter.name.replaceAll('_', ' ')} was found` };
      list = list.flatMap((args) => values.map((value) => ({ ...args, [name]: value })));
    }
  }
  return { list };
}

function isSatisfied(step: Step, calls: readonly MadeCall[]): boolean {
  const useful = calls.map(({ outcome }) => outcome).filter((outcome) => outcome.kind !== 'failure' && !isEmpty(outcome));
  return useful.length > 0 && step.needs.every((parameter) => findValues(useful, parameter).length > 0);
}
