/** The kind `code`: JavaScript in the sandbox, its inputs as constants and its return value as the result. */
import { FailureError, failure, isPortName, type Json, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';
import { defineNode, field, type Context, type Step } from '../../node.ts';
import { mismatchText, objectSchema, validate } from '../../schema.ts';

const config = z.strictObject({
  code: field.source('javascript').meta({
    widget: 'source',
    language: 'javascript',
    title: 'Code',
    description: 'The body of an async function. The inputs are constants; return gives the result.',
  }),
  inputs: field.fields().default({}).meta({ widget: 'fields', title: 'Inputs', description: 'Names and schemas of the values that the code works on.' }),
  output: field.schema().optional().meta({ widget: 'schema', title: 'Result', description: 'When set, the result must fit this schema.' }),
  purpose: z.string().optional().meta({ title: 'Purpose', description: 'What the code is good for, told to a control node that may run it.' }),
});
type Config = z.output<typeof config>;

/** Words that cannot name a constant in an async function. */
const reserved: ReadonlySet<string> = new Set([
  'arguments',
  'await',
  'break',
  'case',
  'catch',
  'class',
  'const',
  'continue',
  'debugger',
  'default',
  'delete',
  'do',
  'else',
  'enum',
  'eval',
  'export',
  'extends',
  'false',
  'finally',
  'for',
  'function',
  'if',
  'implements',
  'import',
  'in',
  'instanceof',
  'interface',
  'let',
  'new',
  'null',
  'package',
  'private',
  'protected',
  'public',
  'return',
  'static',
  'super',
  'switch',
  'this',
  'throw',
  'true',
  'try',
  'typeof',
  'undefined',
  'var',
  'void',
  'while',
  'with',
  'yield',
  'NaN',
  'Infinity',
]);

export const codeKind = defineNode({
  kind: 'code',
  layer: 'control',
  title: 'Code',
  tagline: 'JavaScript in a sandbox',
  icon: 'braces',
  doc: `Runs JavaScript: the body of an async function. Its **inputs** are constants in scope, and what it returns is \`result\`.

The code runs in a sandbox. It has the language and nothing else: no network, files, environment, modules or timers. It gets JSON and gives JSON, at most 1 MB each way, and has 64 MB of memory and 5 seconds. What it writes with \`console.log\` is shown in the trace.

Each run starts afresh: nothing is kept from one to the next.`,
  config,
  initial: { code: 'return null;', inputs: {} },
  summary: ({ code, purpose }) => purpose ?? `${code.trim().split('\n').length} ${code.trim().includes('\n') ? 'lines' : 'line'} of JavaScript`,
  ports: ({ inputs, output }) => ({ inputs, outputs: { result: output ?? {} } }),
  problems: ({ code, inputs }) => [
    ...(code.trim() === '' ? [{ field: 'code', message: 'There is no code yet. Write the body of a function, such as "return a + b;".' }] : []),
    ...Object.keys(inputs)
      // What no field may be called is told of every field already.
      .filter((name) => reserved.has(name) && isPortName(name))
      .map((name) => ({ field: 'inputs', message: `"${name}" cannot be an input: the word is reserved. Name it otherwise.` })),
  ],
  operations: (settings, { title }) => [
    {
      name: 'run',
      description: settings.purpose ?? `Runs the code of "${title}"`,
      input: objectSchema(settings.inputs),
      ...(settings.output && { output: settings.output }),
      effect: 'read',
      call: (args, context) => runCode(settings, args, context),
    },
  ],
  *run({ config: settings, inputs }, context) {
    return { result: yield* runCode(settings, inputs, context) };
  },
  examples: [
    {
      title: 'The sum of a column',
      config: { code: 'return orders.reduce((sum, order) => sum + order.total, 0);', inputs: { orders: { type: 'array' } }, output: { type: 'number' } },
      inputs: { orders: [{ total: 20 }, { total: 30 }] },
      answers: { example: { result: 50, logs: [] } },
      outputs: { result: 50 },
    },
    {
      title: 'Words of a text',
      config: {
        code: 'const words = text.toLowerCase().match(/[a-z]+/g) ?? [];\nreturn { words: words.length, different: new Set(words).size };',
        inputs: { text: { type: 'string' } },
      },
      inputs: { text: 'To be or not to be' },
      answers: { example: { result: { words: 6, different: 4 }, logs: [] } },
      outputs: { result: { words: 6, different: 4 } },
    },
  ],
});

function* runCode(settings: Config, given: JsonObject, context: Context): Step<Json> {
  const inputs = Object.fromEntries(
    Object.keys(settings.inputs).map((name) => [name, given[name] ?? (settings.inputs[name]?.default as Json | undefined) ?? null]),
  );
  const { result } = yield* context.sandbox({ code: settings.code, inputs });
  const mismatches = settings.output ? validate(settings.output, result) : [];
  if (mismatches.length > 0)
    throw new FailureError(
      failure('output-invalid', `The code returned what does not fit its schema: ${mismatchText(mismatches)} Mend the code, or the schema.`),
    );
  return result;
}
