/** The kind `wait`: lets time pass, for so many seconds or until a moment, and gives on what came. */
import { FailureError, failure, type Json, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';
import { parseTemplate, templateVariables } from '../../expression.ts';
import { defineNode, field } from '../../node.ts';

const config = z.strictObject({
  seconds: z.number().nonnegative().max(31_536_000).optional().meta({ title: 'Seconds', description: 'How long to wait.' }),
  until: field
    .template()
    .optional()
    .meta({ widget: 'template', title: 'Until', description: 'A moment such as 2026-03-01T09:00:00Z instead. Holes become inputs.' }),
});
type Config = z.output<typeof config>;

/** ISO 8601 with a time and an offset: without one, the moment would depend on where the server stands. */
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

export const waitKind = defineNode({
  kind: 'wait',
  layer: 'control',
  title: 'Wait',
  tagline: 'Lets time pass',
  icon: 'timer',
  doc: [
    'Waits for so many **seconds**, or **until** a moment, then gives on the value that came. A moment that has passed is not waited for.',
    '',
    'The moment is fixed when the node starts: a run that is interrupted and resumed waits only for the rest. Waiting counts towards the time limit of the flow.',
  ].join('\n'),
  config,
  initial: { seconds: 60 },
  summary: ({ seconds, until }) => (until === undefined ? `${seconds ?? '?'} s` : `until ${until.replaceAll(/\{\{[^}]*\}\}/g, '{…}')}`),
  ports: ({ until = '' }) => ({
    inputs: { value: {}, ...Object.fromEntries(templateVariables(until).map((name) => [name, {}])) },
    outputs: { value: {} },
  }),
  problems: ({ seconds, until }) => {
    if ((seconds === undefined) === (until === undefined))
      return [{ field: 'seconds', message: 'Say how long to wait: either so many seconds, or until a moment.' }];
    if (until !== undefined && !until.includes('{{') && !moment.test(until.trim())) return [{ field: 'until', message: momentText(until) }];
    return [];
  },
  *run({ config: settings, inputs }, context) {
    yield* context.wait({ time: endOf(settings, inputs, context.now()) });
    return { value: inputs.value as Json };
  },
  examples: [
    { title: 'A pause', config: { seconds: 5 }, inputs: { value: 'on it goes' }, outputs: { value: 'on it goes' } },
    { title: 'Until the office opens', config: { until: '{{ day }}T09:00:00Z' }, inputs: { value: 1, day: '2026-03-02' }, outputs: { value: 1 } },
  ],
});

/** ms since the epoch. */
function endOf({ seconds, until }: Config, inputs: JsonObject, now: number): number {
  if (until === undefined) return now + (seconds ?? 0) * 1000;
  const text = parseTemplate(until).render(inputs).trim();
  const time = moment.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new FailureError(failure('time-invalid', momentText(text)));
  return time;
}

function momentText(text: string): string {
  return `${JSON.stringify(text.slice(0, 80))} is no moment. Write a date, a time and an offset, such as 2026-03-01T09:00:00Z or 2026-03-01T09:00:00+01:00.`;
}
