/** The kind `approve`: a step that waits until a person lets it go on, or does not. */
import { FailureError, failure, type Answer, type Json, type JsonObject, type Schema } from '@switchyard/shared';
import { z } from 'zod';
import { parseTemplate, templateVariables } from '../../expression.ts';
import { approvalSeconds, askPerson, defineNode, field, type Question } from '../../node.ts';
import { mismatchText, objectSchema, validate } from '../../schema.ts';

const longestTitle = 200;
const longestText = 20_000;

const config = z.strictObject({
  title: field.template().meta({ widget: 'template', title: 'Question', description: 'What is to be decided, in one line. Holes become inputs.' }),
  text: field
    .template()
    .default('')
    .meta({ widget: 'template', title: 'What is shown', description: 'What the person should know, as Markdown. Holes become inputs.' }),
  who: z.string().max(200).optional().meta({ title: 'Who', description: 'Who should answer, in your own words, such as the shift lead.' }),
  fields: field
    .fields()
    .default({})
    .meta({ widget: 'fields', title: 'Values', description: 'What the person fills in when approving. One whose schema has a default may be left out.' }),
  seconds: z.number().positive().max(31_536_000).default(approvalSeconds).meta({ title: 'Time limit (seconds)', description: 'Then it counts as refused.' }),
  onReject: z
    .enum(['fail', 'port'])
    .default('fail')
    .meta({ title: 'When refused', description: 'Fail: the node fails with the reason. Port: the output "rejected" gives it.' }),
});
type Config = z.output<typeof config>;

const refusal: Schema = objectSchema({ value: {}, reason: { type: 'string' }, lapsed: { type: 'boolean', description: 'Nobody answered in time' } });

export const approveKind = defineNode({
  kind: 'approve',
  layer: 'control',
  title: 'Approve',
  tagline: 'Waits for a person to agree',
  icon: 'shield-check',
  doc: [
    'Asks a person and waits. Approved, `approved` gives on the `value` that came; refused or not answered in time, the node fails with the reason, or gives it at `rejected`.',
    '',
    'The **question** and **what is shown** are templates: each name in a hole is an input. With **values** the person fills them in, and `values` gives them.',
    '',
    'The run waits without holding anything: it may be stopped and started meanwhile, and its time limit stands still while it does nothing else.',
    'Put this node before a step that writes: a step, unlike a call of a control node, asks nobody by itself.',
  ].join('\n'),
  config,
  initial: { title: 'Go on?' },
  summary: ({ title, who }) => [who, title.replaceAll(/\{\{[^}]*\}\}/g, '…').trim() || 'No question yet'].filter(Boolean).join(': '),
  ports: (settings) => ({
    inputs: Object.fromEntries(['value', ...variablesOf(settings)].map((name) => [name, {}])),
    outputs: {
      approved: {},
      ...(settings.onReject === 'port' && { rejected: refusal }),
      ...(hasFields(settings) && { values: objectSchema(settings.fields as Record<string, Schema>) }),
    },
    exclusive: hasFields(settings) ? ['approved', 'rejected'] : true,
  }),
  problems: ({ title }) => (title.trim() === '' ? [{ field: 'title', message: 'Say what is to be decided.' }] : []),
  *run({ config: settings, inputs }, context) {
    const value = inputs.value as Json;
    const misfit = (answer: Answer) => (answer.choice === 'approve' ? misfitOf(settings, answer.values ?? {}) : undefined);
    const question = questionOf(settings, inputs);
    const heard = yield* askPerson({ question, seconds: settings.seconds, misfit }, context, '');
    if (heard.choice === 'approve') return { approved: value, ...(hasFields(settings) && { values: filled(settings, heard.values ?? {}) }) };
    const reason = 'reason' in heard ? heard.reason : 'it was not approved';
    const refused = { value, reason, lapsed: heard.choice === 'none' };
    if (settings.onReject === 'port') return { rejected: refused };
    throw notApproved(question.title, refused);
  },
  examples: [
    {
      title: 'A refund that the shift lead approves',
      config: { title: 'Refund {{ value.amount }} euros?', text: 'Order **{{ value.order }}**, {{ why }}', who: 'Shift lead' },
      inputs: { value: { order: 7, amount: 40 }, why: 'arrived broken' },
      answers: { example: { choice: 'approve' } },
      outputs: { approved: { order: 7, amount: 40 } },
    },
    {
      title: 'With a value that the person fills in',
      config: { title: 'Publish the report?', fields: { note: { type: 'string' }, urgent: { type: 'boolean', default: false } } },
      inputs: { value: 'the report' },
      answers: { example: { choice: 'approve', values: { note: 'Well done' } } },
      outputs: { approved: 'the report', values: { note: 'Well done', urgent: false } },
    },
    {
      title: 'Refused, and the flow goes another way',
      config: { title: 'Send it?', onReject: 'port' },
      inputs: { value: 'a letter' },
      answers: { example: { choice: 'reject', reason: 'Too harsh.' } },
      outputs: { rejected: { value: 'a letter', reason: 'Too harsh.', lapsed: false } },
    },
  ],
});

function hasFields({ fields }: Pick<Config, 'fields'>): boolean {
  return Object.keys(fields).length > 0;
}

function variablesOf({ title, text }: Pick<Config, 'title' | 'text'>): string[] {
  return [...new Set([...templateVariables(title), ...templateVariables(text)])].filter((name) => name !== 'value');
}

function questionOf({ title, text, who, fields }: Config, inputs: JsonObject): Question {
  const shown = parseTemplate(text).render(inputs).trim().slice(0, longestText);
  return {
    about: 'step',
    title: parseTemplate(title).render(inputs).replaceAll(/\s+/g, ' ').trim().slice(0, longestTitle),
    ...(shown !== '' && { text: shown }),
    ...(who !== undefined && { who }),
    ...(hasFields({ fields }) && { fields: fields as Record<string, Schema> }),
  };
}

function misfitOf({ fields }: Config, values: JsonObject): string | undefined {
  const mismatches = validate(objectSchema(fields as Record<string, Schema>), values);
  return mismatches.length === 0 ? undefined : `its values do not fit: ${mismatchText(mismatches)}`;
}

/** The values in the order of the fields, defaults filled in. */
function filled({ fields }: Config, values: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, schema]) => [name, Object.hasOwn(values, name) ? values[name] : (schema.default ?? null)]),
  ) as JsonObject;
}

/** `title` is the question as it was asked. */
function notApproved(title: string, { reason, lapsed }: { reason: string; lapsed: boolean }): FailureError {
  const said = reason.trim() || 'no reason was given';
  const what = `"${title}" was not approved: ${said}${/[.!?]$/.test(said) ? '' : '.'}`;
  return new FailureError(failure(lapsed ? 'approval-lapsed' : 'approval-rejected', `${what} Run the flow again, or let the node take its port "rejected".`));
}
