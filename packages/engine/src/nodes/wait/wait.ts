/** The kind `wait`: lets time pass, for so many seconds or until a moment, or waits for an event from outside, and gives on what came. */
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
  event: z
    .string()
    .regex(/^[a-zA-Z][a-zA-Z0-9_.:-]*$/, 'the name of an event has letters, digits, _ . : and - only')
    .max(100)
    .refine((name) => name !== 'cancel', 'this name is taken: it cancels the run')
    .optional()
    .meta({ title: 'Event', description: 'Waits for this event from outside; a time is then the longest that it is waited for.' }),
});
type Config = z.output<typeof config>;

/** ISO 8601 with a time and an offset: without one, the moment would depend on where the server stands. */
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

export const waitKind = defineNode({
  kind: 'wait',
  layer: 'control',
  title: 'Wait',
  tagline: 'Waits a time, or for an event',
  icon: 'timer',
  doc: [
    'Waits for so many **seconds**, or **until** a moment, then gives on the value that came. A moment that has passed is not waited for.',
    '',
    'The moment is fixed when the node starts: a run that is interrupted and resumed waits only for the rest. Waiting counts towards the time limit of the flow.',
    '',
    'With an **event**, it waits until the run is told of that event by name, and gives what came with it as `payload`. An event is heard once, by every node of the run that waits for it, also where it comes before. With a time as well, the node fails with `wait-lapsed` where the event has not come by then. While a run does nothing but wait for an event, its time limit stands still.',
  ].join('\n'),
  config,
  initial: { seconds: 60 },
  summary: ({ seconds, until, event }) => {
    const time = until === undefined ? `${seconds ?? '?'} s` : `until ${until.replaceAll(/\{\{[^}]*\}\}/g, '{…}')}`;
    if (event === undefined) return time;
    return seconds === undefined && until === undefined ? event : `${event}, ${time}`;
  },
  ports: ({ until = '', event }) => ({
    inputs: { value: {}, ...Object.fromEntries(templateVariables(until).map((name) => [name, {}])) },
    outputs: { value: {}, ...(event !== undefined && { payload: {} }) },
  }),
  problems: ({ seconds, until, event }) => {
    const times = [seconds, until].filter((time) => time !== undefined).length;
    if (times > 1) return [{ field: 'seconds', message: 'Say how long to wait: either so many seconds, or until a moment.' }];
    if (times === 0 && event === undefined) return [{ field: 'seconds', message: 'Say what to wait for: so many seconds, until a moment, or for an event.' }];
    if (until !== undefined && !until.includes('{{') && !moment.test(until.trim())) return [{ field: 'until', message: momentText(until) }];
    return [];
  },
  *run({ config: settings, inputs }, context) {
    const { event, seconds, until } = settings;
    const value = inputs.value as Json;
    if (event !== undefined && seconds === undefined && until === undefined) return { value, payload: yield* context.wait({ signal: event }) };
    const time = endOf(settings, inputs, context.now());
    if (event !== undefined) return { value, payload: yield* context.wait({ signal: event, time }) };
    yield* context.wait({ time });
    return { value };
  },
  examples: [
    { title: 'A pause', config: { seconds: 5 }, inputs: { value: 'on it goes' }, outputs: { value: 'on it goes' } },
    {
      title: 'Until the money has come',
      config: { event: 'paid', seconds: 86_400 },
      inputs: { value: 7 },
      answers: { example: { sum: 5 } },
      outputs: { value: 7, payload: { sum: 5 } },
    },
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
