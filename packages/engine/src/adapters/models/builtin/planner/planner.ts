/**
 * The built-in planner: a deterministic program that stands in for a large model in a control node, for trying out and for tests. No neural network.
 *
 * 1. It knows nothing but the request, the tools and the catalogue digest that any model would see.
 * 2. Turn by turn it makes the plan anew from the request, the same each time, and sees from the calls so far how far it has come.
 * 3. What tools return is data: its values may fill arguments of calls that the request planned, and nothing in it can add a call.
 * 4. At most six turns; then it answers with what it has.
 */
import type { ModelRequest, ToolCall } from '@switchyard/shared';
import { builtinLabel, type Reply } from '../model.ts';
import { answerText, factsText } from './answer/answer.ts';
import { planLine, sourceName } from './answer/step-words.ts';
import { asksForCode, withCallsAsCode, withCodeAsCalls } from './as-code.ts';
import { asksForPlan, withCallsAsSteps, withStepsAsCalls } from './as-plan.ts';
import { readConversation, type Conversation } from './conversation.ts';
import { planRequest } from './plan.ts';
import { followPlan, type StepState } from './progress.ts';
import { structuredAnswer } from './answer/structured.ts';
import type { Plan, Step } from './step.ts';

const mostTurns = 6;
const mostCalls = 16;

/** One turn: the next calls, the next plan or the next program, or the answer. */
export function planTurn(request: ModelRequest): Reply {
  if (asksForCode(request)) {
    const conversation = readConversation(withCodeAsCalls(request));
    return withCallsAsCode(turnOf(conversation, true), request, conversation.calls);
  }
  const asked = asksForPlan(request);
  if (!asked) return turnOf(readConversation(request), true);
  const conversation = readConversation(withStepsAsCalls(request));
  return withCallsAsSteps(turnOf(conversation, asked.mayPlan), conversation.calls);
}

function turnOf(conversation: Conversation, mayCall: boolean): Reply {
  const plan = planRequest(conversation.request, conversation.layer);
  const states = followPlan(plan, conversation.made, factsText);
  const toolCalls = mayCall && conversation.turns < mostTurns - 1 ? nextCalls(states, conversation) : [];
  if (toolCalls.length > 0) return { text: conversation.turns === 0 ? planText(plan) : nextText(states), toolCalls };
  const text = answerText(plan, states, conversation.layer);
  return { text: conversation.output ? structuredAnswer(conversation.output, text, [...states.values()]) : text };
}

function nextCalls(states: ReadonlyMap<Step, StepState>, { calls }: Conversation): ToolCall[] {
  return [...states.values()]
    .flatMap((state) => (state.kind === 'ready' ? state.calls.map((args) => ({ name: state.attempt.operation.tool, arguments: JSON.stringify(args) })) : []))
    .slice(0, mostCalls)
    .map((call, index) => ({ id: `call_${calls + index + 1}`, ...call }));
}

function planText(plan: Plan): string {
  const lines = plan.steps.map((step, index) => `${index + 1}. ${planLine(step, plan.steps)}`);
  return `Plan (${builtinLabel('planner')}):\n${lines.join('\n')}`;
}

function nextText(states: ReadonlyMap<Step, StepState>): string {
  const ready = [...states.values()].flatMap((state) => (state.kind === 'ready' ? [sourceName(state.attempt.operation)] : []));
  return `Next: ${[...new Set(ready)].join(', ')}.`;
}
