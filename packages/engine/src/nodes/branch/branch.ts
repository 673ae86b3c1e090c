/** The kind `branch`: sends a value one of several ways. The first case that holds, else `else`. */
import { failure, FailureError, isPortName, type Json, type JsonObject, type Schema } from '@switchyard/shared';
import { z } from 'zod';
import { expressionVariables, parseExpression } from '../../expression.ts';
import { defineNode, field } from '../../node.ts';

const otherwise = 'else';

const caseSchema = z.strictObject({
  port: z.string().min(1).meta({ title: 'Port', description: 'The output that carries the value when the case holds.' }),
  when: field.expression().meta({ widget: 'expression', title: 'When', description: 'A condition, such as value.total > 100.' }),
});
type Case = z.output<typeof caseSchema>;

const config = z.strictObject({
  cases: z.array(caseSchema).meta({ title: 'Cases', description: 'Tried in order; the first that holds is taken.' }),
});

export const branchKind = defineNode({
  kind: 'branch',
  layer: 'control',
  title: 'Branch',
  tagline: 'One of several ways, by condition',
  icon: 'split',
  doc: [
    'The cases are tried in order. The first whose condition holds gives `value` at its port; where none holds, `else` gives it.',
    '',
    'A condition is an expression that is true or false. It sees `value`, and every other name in it is an input.',
    'Nodes that hang on the other ports alone are skipped.',
  ].join('\n'),
  config,
  initial: { cases: [{ port: 'yes', when: 'value == true' }] },
  summary: ({ cases }) => cases.map(({ port, when }) => `${port}: ${when}`).join(', ') || 'No cases yet',
  ports: ({ cases }) => ({ inputs: inputsOf(cases), outputs: outputsOf(cases), exclusive: true }),
  problems: ({ cases }) => caseProblems(cases),
  *run({ config: { cases }, inputs }) {
    const taken = cases.find((each) => holds(each, inputs));
    return { [taken?.port ?? otherwise]: inputs.value as Json };
  },
  examples: [
    {
      title: 'Large orders apart',
      config: {
        cases: [
          { port: 'large', when: 'value.total > limit' },
          { port: 'gift', when: 'has(value.gift) && value.gift' },
        ],
      },
      inputs: { value: { total: 250 }, limit: 100 },
      outputs: { large: { total: 250 } },
    },
    {
      title: 'None holds',
      config: { cases: [{ port: 'upset', when: 'value == "upset"' }] },
      inputs: { value: 'calm' },
      outputs: { else: 'calm' },
    },
  ],
});

function inputsOf(cases: readonly Case[]): Record<string, Schema> {
  const names = new Set(['value', ...cases.flatMap(({ when }) => expressionVariables(when))]);
  return Object.fromEntries([...names].map((name) => [name, {}]));
}

function outputsOf(cases: readonly Case[]): Record<string, Schema> {
  return Object.fromEntries([...cases.map(({ port }) => port), otherwise].map((port) => [port, {}]));
}

function caseProblems(cases: readonly Case[]): { field: string; message: string }[] {
  const seen = new Set<string>();
  return cases.flatMap(({ port }) => {
    const isTaken = seen.has(port);
    seen.add(port);
    if (port === otherwise)
      return [{ field: 'cases', message: 'The port "else" is there already: it is taken where no case holds. Name this case otherwise.' }];
    if (!isPortName(port))
      return [{ field: 'cases', message: `"${port}" cannot name a port: use letters, digits and _, and no word of the expression language.` }];
    return isTaken ? [{ field: 'cases', message: `Two cases have the port "${port}". Join their conditions with ||, or rename one.` }] : [];
  });
}

function holds({ port, when }: Case, inputs: JsonObject): boolean {
  const result = parseExpression(when).evaluate(inputs);
  if (typeof result === 'boolean') return result;
  const given = JSON.stringify(result).slice(0, 80);
  throw new FailureError(
    failure(
      'expression-failed',
      `The condition of case "${port}" gives ${given}, which is neither true nor false. Write a comparison, such as value == ${given}.`,
    ),
  );
}
