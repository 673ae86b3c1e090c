/**
 * Strategy `plan`: the model gives a whole plan, which is checked, carried out without asking it again, and answered from.
 *
 * 1. Nothing is called but by a plan that has no mistakes.
 * 2. Where plans are approved, nothing is called before a person has agreed to the plan as it stands. A rejection goes back to the model.
 * 3. A plan may be followed by others, that mend what failed or go on from what was found: at most `mostRevisions`.
 */
import { failure, type Failure, type PlannedStep, type ToolCall } from '@switchyard/shared';
import type { Context, Step } from '../../../../node.ts';
import { mismatchText, validate } from '../../../../schema.ts';
import { describeTools } from '../../operations/bound-tools.ts';
import { parseArguments, type TurnCalls } from '../../operations/operation-calls.ts';
import type { Desk, Strategy } from '../strategy.ts';
import { declareOperation } from '../type-text.ts';
import { planMistakes } from './check-plan.ts';
import { needsOf, planTool, planToolOf, type PlanStep } from './plan-document.ts';
import { rejectionOf } from './plan-approval.ts';
import { runSteps, type PlanRun, type StepEnd } from './run-plan.ts';

const mostRevisions = 3;

const manners = `You work on a data layer by plans. Think the whole task through first, then call ${planTool} once with every step that it needs: a step names an operation, its arguments, and by {"$from": step, "path": …} the results of other steps that it works on.
The plan is checked and carried out; then the results come back to you, and you answer. Make another plan only where a step failed, or where what was found asks for more. A request that needs no data is answered at once.
Answer with what the steps returned, and name where each figure comes from. Where they cannot tell, say so plainly; never make up a figure.`;

export function planStrategy(desk: Desk): Strategy {
  return new Planning(desk);
}

class Planning implements Strategy {
  readonly manners = manners;
  readonly parts: readonly string[];
  readonly #desk: Desk;
  readonly #results: PlanRun['results'] = new Map();
  /** Plans told, and of these carried out, so far. */
  #told = 0;
  #plans = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
    const operations = desk.layer.tools.map(({ name, operation }) => {
      const { doc, args, result } = declareOperation(operation);
      return `${doc}\ndeclare function ${name}${args}: ${result};`;
    });
    this.parts = [`Operations that a step may name, with their arguments and results:\n\`\`\`ts\n${operations.join('\n')}\n\`\`\``];
  }

  tools() {
    const { kept, layer, context } = this.#desk;
    if (layer.tools.length === 0) return [];
    const own = kept.size > 0 ? describeTools(kept.tools) : [];
    const names = [...layer.tools, ...kept.tools].map(({ name }) => name);
    return [...(this.#plans <= mostRevisions ? [planToolOf(names, context.limits.callsPerTurn)] : []), ...own];
  }

  *make(asked: readonly ToolCall[], turn: Context): Step<string[]> {
    const { calls, kept } = this.#desk;
    const made = calls.turn(turn);
    const texts: string[] = [];
    for (const [index, call] of asked.entries()) {
      if (call.name === planTool && asked.findIndex(({ name }) => name === planTool) === index) texts.push(yield* this.#plan(call, made, turn));
      else if (kept.tools.some(({ name }) => name === call.name)) {
        const [outcome] = yield* made.make([{ name: call.name, args: call.arguments }]);
        if (outcome) texts.push(kept.show(outcome));
      } else
        texts.push(
          this.#refuse(call, made, failure('tool-unknown', `Call ${planTool} once, with every step in it; what was granted is called by steps only.`)),
        );
    }
    return texts;
  }

  *#plan(call: ToolCall, made: TurnCalls, turn: Context): Step<string> {
    const { context, calls } = this.#desk;
    if (this.#plans > mostRevisions)
      return this.#refuse(call, made, failure('plan-refused', `${this.#plans} plans were carried out; no more are. Answer with what there is.`));
    const read = this.#read(call);
    if (!Array.isArray(read)) return this.#refuse(call, made, read);
    calls.forgetMisfits(planTool);
    const shown = read.map((step) => this.#shown(step));
    context.tell({ type: 'plan', revision: this.#told, steps: shown });
    this.#told += 1;
    const rejection = this.#desk.approvePlan ? yield* rejectionOf(read, shown, turn) : undefined;
    if (rejection !== undefined) return this.#reject(read, rejection);
    this.#plans += 1;
    const ends = yield* runSteps(read, { results: this.#results, calls: made, context });
    return this.#report(ends);
  }

  #read(call: ToolCall): PlanStep[] | Failure {
    const { calls, context } = this.#desk;
    const args = parseArguments(call.arguments);
    if (!args) return failure('plan-invalid', 'The plan is not a JSON object.');
    const names = calls.names;
    const misfits = validate(planToolOf(names, context.limits.callsPerTurn).parameters, args);
    const steps = args.steps as unknown as PlanStep[];
    // What is wrong in form is told with what is wrong in meaning, as far as the steps can be read.
    const readable = Array.isArray(steps) ? steps.filter((step) => typeof step?.id === 'string' && typeof step.arguments === 'object') : [];
    const mistakes = [
      ...(misfits.length > 0 ? [mismatchText(misfits)] : []),
      ...planMistakes(readable, { tool: (name) => calls.tool(name), done: this.#results }),
    ];
    if (mistakes.length === 0) return steps;
    return failure('plan-invalid', `Nothing of the plan was carried out. ${mistakes.join(' ')} Give the whole plan again, mended.`);
  }

  #shown(step: PlanStep): PlannedStep {
    const tool = this.#desk.calls.tool(step.operation);
    const node = tool?.node;
    const operation = tool?.operation.name ?? step.operation;
    return { id: step.id, title: step.title ?? `${node ?? 'results'}: ${operation}`, ...(node !== undefined && { node }), operation, needs: needsOf(step) };
  }

  #report(ends: readonly StepEnd[]): string {
    const { kept } = this.#desk;
    const told = ends.map((end) => {
      if ('why' in end) return `Step ${end.step.id}: not run, since ${end.why}.`;
      return `Step ${end.step.id}: ${end.isFailed ? 'failed' : 'done'}\n${kept.show(end.outcome)}`;
    });
    const isWhole = ends.every((end) => 'outcome' in end && !end.isFailed);
    const left = mostRevisions + 1 - this.#plans;
    const next = isWhole
      ? 'Every step is done. Answer the request now, unless it needs more.'
      : left > 0
        ? `Make a plan of what is still needed (you may refer to the steps that are done), or answer with what there is. Plans left: ${left}.`
        : 'No more plans are carried out. Answer with what there is.';
    return [...told, next].join('\n\n');
  }

  #reject(steps: readonly PlanStep[], why: string): string {
    const { context, kept } = this.#desk;
    for (const { id } of steps) context.tell({ type: 'plan-step', step: id, status: 'skipped', why });
    const message = `Nothing of the plan was carried out. ${why} Give another plan that heeds this, or answer with what there is.`;
    return kept.show({ source: planTool, failure: failure('plan-rejected', message) });
  }

  /** What is refused is told; turn after turn of it ends the conversation. */
  #refuse({ name, arguments: args }: ToolCall, made: TurnCalls, refusal: Failure): string {
    made.tellRefused(name, args, refusal);
    this.#desk.calls.countMisfit(name, refusal);
    return this.#desk.kept.show({ source: name, failure: refusal });
  }
}
