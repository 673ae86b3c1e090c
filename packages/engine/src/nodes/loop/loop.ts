/** The kind `loop`: runs a flow of this document again and again until a condition holds, and never more often than it may. */
import { FailureError, failure, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';
import { expressionVariables, parseExpression } from '../../expression.ts';
import { defineNode, field, type FlowPorts } from '../../node.ts';

const config = z.strictObject({
  flow: field.flow().meta({ widget: 'flow', title: 'Flow', description: 'The flow of this document that is repeated. Of a saved flow, a copy is brought in.' }),
  until: field.expression().meta({
    widget: 'expression',
    title: 'Until',
    description: 'A condition over the outputs of the flow and iteration, such as score >= 0.9. Other names become inputs.',
  }),
  most: z.int().min(1).max(1000).default(10).meta({ title: 'At most', description: 'How often it is run in all.' }),
  onMost: z.enum(['fail', 'give']).default('fail').meta({ title: 'When it never holds', description: 'Fail, or give what the last round gave.' }),
});
type Config = z.output<typeof config>;

const counter = 'iteration';
const total = 'iterations';

export const loopKind = defineNode({
  kind: 'loop',
  layer: 'control',
  title: 'Loop',
  tagline: 'A flow again, until it is good',
  icon: 'repeat',
  doc: [
    'Runs a flow of this document, then looks whether the condition holds; if not, runs it again, at most so many times.',
    '',
    'The inputs of the flow are inputs here. What a round gives under the name of an input is that input of the next round: a flow with input `draft` and output `draft` goes on with its own draft.',
    'The outputs are those of the last round, and `iterations` says how many there were. The condition sees the outputs, the inputs, and `iteration`, from 1; an output that a round does not reach is null there.',
    '',
    'Where the condition does not hold after the last round, the node fails with `loop-unmet`, or gives what there is.',
  ].join('\n'),
  config,
  initial: { until: 'done == true', most: 10 },
  summary: ({ flow, until, most }) => `${flow} until ${until} · at most ${most}`,
  subflow: ({ flow }) => flow,
  ports: ({ until }, flow) => {
    const inputs = flow?.inputs ?? {};
    const outputs = flow?.outputs ?? {};
    const seen = expressionVariables(until).filter((name) => name !== counter && !Object.hasOwn(outputs, name) && !Object.hasOwn(inputs, name));
    return {
      inputs: { ...inputs, ...Object.fromEntries(seen.map((name) => [name, {}])) },
      outputs: { ...outputs, [total]: { type: 'integer' } },
      optional: flow?.optional ?? [],
    };
  },
  problems: ({ flow: name }, flow) =>
    flow && Object.hasOwn(flow.outputs, total)
      ? [{ field: 'flow', message: `The flow "${name}" has an output "${total}", which counts the rounds here. Rename it in that flow.` }]
      : [],
  *run({ config: settings, inputs, flow }, context) {
    let given = inputs;
    for (let iteration = 1; ; iteration += 1) {
      const outputs = yield* context.body(settings.flow, given, `[${iteration - 1}]`);
      if (holds(settings, { ...notReached(flow), ...given, ...outputs, [counter]: iteration }) || (iteration >= settings.most && settings.onMost === 'give')) {
        return { ...outputs, [total]: iteration };
      }
      if (iteration >= settings.most) throw unmet(settings);
      given = { ...given, ...ofNextRound(outputs, flow) };
    }
  },
  examples: [
    {
      title: 'A draft bettered until it is good enough',
      config: { flow: 'better', until: 'score >= 0.9' },
      flow: { inputs: { draft: { type: 'string' } }, outputs: { draft: { type: 'string' }, score: { type: 'number' } } },
      inputs: { draft: 'Helo' },
      answers: { 'example[0]': { draft: 'Hello', score: 0.5 }, 'example[1]': { draft: 'Hello there.', score: 0.95 } },
      outputs: { draft: 'Hello there.', score: 0.95, iterations: 2 },
    },
    {
      title: 'The best there is after two rounds',
      config: { flow: 'better', until: 'score >= goal', most: 2, onMost: 'give' },
      flow: { inputs: { draft: { type: 'string' } }, outputs: { draft: { type: 'string' }, score: { type: 'number' } } },
      inputs: { draft: 'Helo', goal: 0.99 },
      answers: { 'example[0]': { draft: 'Hello', score: 0.5 }, 'example[1]': { draft: 'Hello.', score: 0.6 } },
      outputs: { draft: 'Hello.', score: 0.6, iterations: 2 },
    },
  ],
});

function holds({ until }: Config, values: JsonObject): boolean {
  const result = parseExpression(until).evaluate(values);
  if (typeof result === 'boolean') return result;
  const given = JSON.stringify(result).slice(0, 80);
  throw new FailureError(
    failure('expression-failed', `The condition "${until}" gives ${given}, which is neither true nor false. Write a comparison, such as score > 0.9.`),
  );
}

/** What a round did not reach is null for the condition: it could not ask whether it is there. */
function notReached(flow: FlowPorts | undefined): JsonObject {
  return Object.fromEntries(Object.keys(flow?.outputs ?? {}).map((name) => [name, null]));
}

function ofNextRound(outputs: JsonObject, flow: FlowPorts | undefined): JsonObject {
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => Object.hasOwn(flow?.inputs ?? {}, name)));
}

function unmet({ until, most }: Config): FailureError {
  return new FailureError(
    failure('loop-unmet', `"${until}" did not hold after ${most} rounds. Raise "most", mend the flow that is repeated, or give what the last round gave.`),
  );
}
