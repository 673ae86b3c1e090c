/**
 * The planner where a control node asks for whole plans: the same turns, with each turn's calls given as the steps of a plan. What a request of that
 * kind holds is read as if its steps had been calls; what would be calls is written as steps.
 */
import { isJsonObject, type Json, type JsonObject, type Message, type ModelRequest, type ToolCall } from '@switchyard/shared';
import type { Reply } from '../model.ts';
import { declarationsIn, readFunctions } from './declarations.ts';

const planTool = 'make-plan';

/** Whether the control node takes plans in place of calls, and whether it takes another one. */
export function asksForPlan({ messages, tools = [] }: ModelRequest): { mayPlan: boolean } | undefined {
  const mayPlan = tools.some(({ name }) => name === planTool);
  const hasPlanned = messages.some((message) => message.role === 'assistant' && message.toolCalls?.some(({ name }) => name === planTool));
  return mayPlan || hasPlanned ? { mayPlan } : undefined;
}

/** The request as it would be if the steps of its plans had been calls. */
export function withStepsAsCalls(request: ModelRequest): ModelRequest {
  return {
    ...request,
    tools: readFunctions(declarationsIn(request.messages)),
    messages: request.messages.flatMap((message) => unfold(message, request.messages)),
  };
}

/** The reply with its calls as one plan; `made` counts the steps of the plans before. */
export function withCallsAsSteps({ text, toolCalls = [] }: Reply, made: number): Reply {
  if (toolCalls.length === 0) return { text };
  const steps = toolCalls.map(({ name, arguments: args }, index) => ({ id: `s${made + index + 1}`, operation: name, arguments: JSON.parse(args) as Json }));
  return { text, toolCalls: [{ id: `plan_${made + 1}`, name: planTool, arguments: JSON.stringify({ steps }) }] };
}

function unfold(message: Message, all: readonly Message[]): Message[] {
  if (message.role === 'assistant') return [{ ...message, toolCalls: (message.toolCalls ?? []).flatMap(stepsOf) }];
  if (message.role !== 'tool' || message.name !== planTool) return [message];
  const call = all.flatMap((other) => (other.role === 'assistant' ? (other.toolCalls ?? []) : [])).find(({ id }) => id === message.toolCallId);
  return call ? stepsOf(call).map(({ id, name }) => ({ role: 'tool', toolCallId: id, name, text: resultOf(message.text, id) })) : [];
}

function stepsOf(call: ToolCall): ToolCall[] {
  const steps = call.name === planTool ? parse(call.arguments)?.steps : undefined;
  if (!Array.isArray(steps)) return [];
  return steps.filter(isJsonObject).map((step) => ({ id: String(step.id), name: String(step.operation), arguments: JSON.stringify(step.arguments ?? {}) }));
}

/** What the control node tells of one step. */
function resultOf(text: string, id: string): string {
  const start = text.search(new RegExp(`^Step ${id}: (?:done|failed)$`, 'm'));
  const told = start < 0 ? undefined : /<data[^>]*>\n[^\n]*\n<\/data>/.exec(text.slice(start))?.[0];
  return told ?? JSON.stringify({ failure: { code: 'step-not-run', message: 'It was not carried out.' } });
}

function parse(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
