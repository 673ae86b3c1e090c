/**
 * The planner where a control node asks for code: the same turns, with each turn's calls given as one small program, a line for each. What a request of
 * that kind holds is read as if those lines had been calls.
 */
import { isJsonObject, type Json, type JsonObject, type Message, type ModelRequest, type ToolCall } from '@switchyard/shared';
import type { Reply } from '../model.ts';
import { declarationsIn, readDeclarations, type DeclaredFunction } from './declarations.ts';

const codeTool = 'run-code';
/** What a program returns at most, in characters, so that it is shown whole. */
const mostReturned = 3_600;

/** Whether the control node takes code in place of calls. */
export function asksForCode({ tools = [] }: ModelRequest): boolean {
  return tools.some(({ name }) => name === codeTool);
}

/** The request as it would be if what its programs called had been calls. */
export function withCodeAsCalls(request: ModelRequest): ModelRequest {
  return {
    ...request,
    tools: functionsIn(request).map(({ tool }) => tool),
    messages: request.messages.flatMap((message) => unfold(message, request.messages)),
  };
}

/** The reply with its calls as one program; `made` counts the calls of the programs before. */
export function withCallsAsCode({ text, toolCalls = [] }: Reply, request: ModelRequest, made: number): Reply {
  if (toolCalls.length === 0) return { text };
  const calls = new Map(functionsIn(request).map(({ call, tool }) => [tool.name, call]));
  const lines = toolCalls.map(({ name, arguments: args }, index) => `  s${made + index + 1}: attempt(${calls.get(name) ?? name}(${args})),`);
  const code = `const room = ${Math.floor(mostReturned / lines.length)};
function brief(value) {
  while (JSON.stringify(value).length > room && value?.rows?.length > 1) value = { ...value, rows: value.rows.slice(0, value.rows.length / 2), truncated: true };
  return JSON.stringify(value).length > room ? { failure: { code: 'result-cut', message: 'The result is too long to be read whole.' } } : value;
}
const attempt = (call) => call.then(brief, ({ code, message }) => ({ failure: { code, message } }));
const steps = {
${lines.join('\n')}
};
for (const name in steps) steps[name] = await steps[name];
return steps;`;
  return { text, toolCalls: [{ id: `code_${made + 1}`, name: codeTool, arguments: JSON.stringify({ code }) }] };
}

function functionsIn({ messages }: ModelRequest): DeclaredFunction[] {
  return readDeclarations(declarationsIn(messages));
}

function unfold(message: Message, all: readonly Message[]): Message[] {
  if (message.role === 'assistant') return [{ ...message, toolCalls: (message.toolCalls ?? []).flatMap(stepsOf) }];
  if (message.role !== 'tool' || message.name !== codeTool) return [message];
  const call = all.flatMap((other) => (other.role === 'assistant' ? (other.toolCalls ?? []) : [])).find(({ id }) => id === message.toolCallId);
  return call ? stepsOf(call).map(({ id, name }) => ({ role: 'tool', toolCallId: id, name, text: resultOf(message.text, id) })) : [];
}

/** What a program of its own called: its lines of steps. */
function stepsOf(call: ToolCall): ToolCall[] {
  const code = call.name === codeTool ? parse(call.arguments)?.code : undefined;
  if (typeof code !== 'string') return [];
  return [...code.matchAll(/^ {2}(s\d+): attempt\((\w+)\.(\w+)\((.*)\)\),$/gm)].map(([, id = '', root = '', name = '', args = '']) => ({
    id,
    name: `${root}_${name}`,
    arguments: args,
  }));
}

/** What the program returned of one step; where it failed as a whole, that. */
function resultOf(text: string, id: string): string {
  const returned = parse(/<data[^>]*>\n([^\n]*)\n<\/data>/.exec(text)?.[1] ?? '');
  const result = returned && Object.hasOwn(returned, id) ? returned[id] : isJsonObject(returned?.failure) ? returned : undefined;
  return JSON.stringify(result ?? { failure: { code: 'step-not-run', message: 'It was not carried out.' } });
}

function parse(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
