/** Checks a plan against what was granted before any of it is carried out; all mistakes are told at once. */
import type { Json } from '@switchyard/shared';
import { mismatchText, validate } from '../../../../schema.ts';
import type { BoundTool } from '../../operations/bound-tools.ts';
import { parsePath } from '../../results/json-path.ts';
import { elementsIn, loosened, needsOf, readReference, referencesIn, type PlanStep } from './plan-document.ts';

/** What a plan may build on. */
export interface Ground {
  tool(name: string): BoundTool | undefined;
  /** Ids of steps that are done, of plans before. */
  done: ReadonlyMap<string, Json>;
}

/** What is wrong with the plan, a sentence each; empty where nothing is. The plan fits the schema of the tool. */
export function planMistakes(steps: readonly PlanStep[], ground: Ground): string[] {
  const ids = new Set(steps.map(({ id }) => id));
  const seen = new Set<string>();
  const mistakes = steps.flatMap((step) => {
    const repeated = seen.has(step.id) || ground.done.has(step.id);
    seen.add(step.id);
    return [...(repeated ? [`there is a step "${step.id}" already; name this one otherwise.`] : []), ...stepMistakes(step, ids, ground)].map(
      (mistake) => `Step "${step.id}": ${mistake}`,
    );
  });
  return [...mistakes, ...circle(steps)];
}

function stepMistakes(step: PlanStep, ids: ReadonlySet<string>, { tool, done }: Ground): string[] {
  const mistakes: string[] = [];
  for (const need of needsOf(step)) if (!ids.has(need) && !done.has(need)) mistakes.push(`it works on a step "${need}", which there is not.`);
  if (step.each !== undefined && !readReference(step.each)) mistakes.push('"each" must be {"$from": step, "path": where the list stands}.');
  const elements = elementsIn(step.arguments);
  if (elements.length > 0 && step.each === undefined) mistakes.push('it has {"$each": …} without "each".');
  const paths = [...elements, ...referencesIn(step.arguments).map(({ path }) => path), ...referencesIn(step.each ?? null).map(({ path }) => path)];
  for (const path of paths) if (!parsePath(path)) mistakes.push(`the path "${path}" cannot be read; write it such as "rows[0].id".`);
  const bound = tool(step.operation);
  if (!bound) return [...mistakes, `there is no operation "${step.operation}".`];
  const misfits = validate(loosened(bound.operation.input, step.arguments), step.arguments);
  if (misfits.length > 0) mistakes.push(`its arguments do not fit "${step.operation}": ${mismatchText(misfits)}`);
  return mistakes;
}

/** The steps that wait for one another without end. */
function circle(steps: readonly PlanStep[]): string[] {
  const open = new Map(steps.map((step) => [step.id, needsOf(step).filter((need) => steps.some(({ id }) => id === need))]));
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    for (const [id, needs] of open) {
      if (needs.some((need) => open.has(need))) continue;
      open.delete(id);
      isMoving = true;
    }
  }
  return open.size === 0 ? [] : [`The steps ${[...open.keys()].map((id) => `"${id}"`).join(', ')} wait for one another without end.`];
}
