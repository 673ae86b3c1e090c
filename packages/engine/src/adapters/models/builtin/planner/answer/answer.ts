/** The planner's last word: what was found, what was not, and the sources. */
import type { Layer } from '../layer.ts';
import type { StepState } from '../progress.ts';
import type { Plan, Step } from '../step.ts';
import { usesAll } from '../step.ts';
import { builtinLabel } from '../../model.ts';
import { humanName } from '../../text/words.ts';
import { sourceName, stepSentences } from './step-words.ts';
import { clip } from './values.ts';

type States = ReadonlyMap<Step, StepState>;

/** What the steps have found so far, one fact a line, for whoever writes from it. */
export function factsText(states: States): string {
  return [...states]
    .filter(([step, state]) => state.kind === 'done' && !step.attempts.some(usesAll))
    .flatMap(([, state]) => stepSentences(state))
    .join('\n');
}

/** The answer to the request, as far as the plan came. */
export function answerText(plan: Plan, states: States, layer: Layer): string {
  if (plan.steps.length === 0) return refusalText(plan, layer);
  const parts = plan.steps.flatMap((step) => stepSentences(states.get(step)));
  const unfinished = plan.steps.filter((step) => ['ready', 'waiting'].includes(states.get(step)?.kind ?? 'waiting')).length;
  if (unfinished > 0) parts.push(`${unfinished} of ${plan.steps.length} steps were not reached within the turns of this planner.`);
  const loose = [...new Set(plan.steps.flatMap((step) => step.loose))];
  if (loose.length > 0) parts.push(`Not taken into account: ${loose.map((word) => `"${word}"`).join(', ')}.`);
  for (const { text, why } of plan.unplanned) parts.push(`I could not work out "${clip(text, 160)}": ${why}.`);
  const sources = sourcesText(states);
  return [...parts, ...(sources === '' ? [] : [`\n${sources}`])].join('\n').replaceAll(/\n{3,}/g, '\n\n');
}

function sourcesText(states: States): string {
  const asked = [...states.values()].flatMap((state) =>
    state.kind === 'done' && state.calls.some(({ outcome }) => outcome.kind !== 'failure') ? [sourceName(state.attempt.operation)] : [],
  );
  return asked.length === 0 ? '' : `Sources: ${[...new Set(asked)].join(', ')}.`;
}

/** Nothing could be planned: says why, and what can be asked. */
function refusalText(plan: Plan, layer: Layer): string {
  const databases = layer.databases.map(
    ({ operation, schema }) =>
      `- ${operation.title}: questions about ${schema.tables
        .slice(0, 12)
        .map(({ name }) => humanName(name))
        .join(', ')}: how many, totals, averages, the last, the top, by name, value or date.`,
  );
  const operations = layer.operations.slice(0, 20).map((operation) => `- ${sourceName(operation)}: ${clip(operation.description, 160)}`);
  const can = [...databases, ...operations];
  const about = `(This is the ${builtinLabel('planner')}. It plans by words, schemas and known values.)`;
  if (can.length === 0) return ['Nothing to call was granted: draw a grant from this node to a data node.', about].join('\n');
  const why = plan.unplanned.map((one) => `I could not work out "${clip(one.text, 160)}": ${one.why}.`);
  return [...(why.length > 0 ? why : ['The request asks for nothing.']), 'What I can be asked:', ...can, about].join('\n');
}
