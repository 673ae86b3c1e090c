/** The built-in writer, for LLM nodes: puts the facts that it finds in the prompt into a short reply, by a template. */
import { failure, FailureError, isJsonObject, type Json, type ModelRequest, type Schema } from '@switchyard/shared';
import { builtinLabel, lastText, type Reply } from './model.ts';
import { humanName, wordsOf } from './text/words.ts';

interface Prompt {
  name?: string;
  facts: string[];
}

const mostFacts = 20;
const longestFact = 400;
const nameWords = ['name', 'customer', 'client', 'recipient', 'to', 'dear', 'patient', 'member', 'person', 'user', 'reader'];
const factWords = ['facts', 'fact', 'data', 'information', 'details', 'notes', 'context', 'input', 'findings'];

/** Answers one request with a reply made of the prompt's facts. */
export function write(request: ModelRequest): Reply {
  const text = letter(readPrompt(lastText(request.messages, 'user')));
  if (!request.output) return { text };
  return { text: JSON.stringify(inSchema(request.output, text)) };
}

function letter({ name, facts }: Prompt): string {
  const greeting = name ? `Hello ${name},` : 'Hello,';
  const body =
    facts.length === 0
      ? 'This prompt gives no facts that a template could pass on. Give them as lines such as "Status: shipped", or under the heading "Facts:".'
      : `here is what we know:\n${facts.map((fact) => `- ${fact}`).join('\n')}`;
  return `${greeting}\n\n${body}\n\nKind regards\n\n(Filled in by the ${builtinLabel('writer')}.)`;
}

/** Facts stand under a heading such as "Facts:", else as lines "Key: value" or "- item". */
function readPrompt(prompt: string): Prompt {
  const facts: string[] = [];
  let name: string | undefined;
  let isUnderHeading = false;
  for (const line of prompt
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => !/^<\/?data[^>]*>$/.test(one))) {
    const pair = /^([\p{L}\p{N} _'-]{1,40}):\s*(.*)$/u.exec(line);
    const words = wordsOf(pair?.[1] ?? '');
    const value = pair?.[2] ?? '';
    const isHeading = pair !== null && words.some((word) => factWords.includes(word));
    if (isHeading) {
      isUnderHeading = true;
      if (value !== '') facts.push(...factsOf(value));
    } else if (isUnderHeading) facts.push(...factsOf(line));
    else if (pair && value !== '' && words.some((word) => nameWords.includes(word))) name ??= value.slice(0, 100);
    else if (pair && value !== '') facts.push(...factsOf(line));
    else if (/^[-*•]\s+/.test(line)) facts.push(...factsOf(line));
  }
  return { ...(name !== undefined && { name }), facts: facts.slice(0, mostFacts) };
}

/** A line of JSON gives its fields; any other line is one fact. */
function factsOf(line: string): string[] {
  const text = line.replace(/^[-*•]\s+/, '');
  if (text === '') return [];
  if (!/^[[{]/.test(text)) return [clip(text)];
  try {
    return flatten(JSON.parse(text) as Json, '');
  } catch {
    return [clip(text)];
  }
}

function flatten(value: Json, label: string): string[] {
  if (Array.isArray(value)) return value.slice(0, mostFacts).flatMap((item) => flatten(item, label));
  if (isJsonObject(value)) return Object.entries(value).flatMap(([key, inner]) => flatten(inner, `${label} ${humanName(key)}`.trim()));
  if (value === null) return [];
  return [clip(label === '' ? String(value) : `${label}: ${String(value)}`)];
}

function clip(text: string): string {
  return text.length <= longestFact ? text : `${text.slice(0, longestFact)}…`;
}

/** The reply as the only text that the schema asks for. */
function inSchema(output: Schema, text: string): Json {
  if (output.type === 'string') return text;
  const properties = isJsonObject(output.properties) ? Object.entries(output.properties) : [];
  const required = Array.isArray(output.required) ? output.required : [];
  const chosen = properties.find(
    ([name, schema]) => isJsonObject(schema) && schema.type === 'string' && !('enum' in schema) && (required.length === 0 || required.includes(name)),
  );
  if (chosen && required.every((name) => name === chosen[0])) return { [chosen[0]]: text };
  throw new FailureError(
    failure(
      'model-refused',
      `The writer (${builtinLabel('writer')}) gives one text; the output schema asks for more. Ask for one property of type string, or use a language model.`,
    ),
  );
}
