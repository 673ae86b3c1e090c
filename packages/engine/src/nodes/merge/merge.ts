/** The kind `merge`: brings several ways together. It takes all that come, the first, or the first few, and waits no longer than it may. */
import type { Schema } from '@switchyard/shared';
import { z } from 'zod';
import { defineNode, type Arrival, type Problem } from '../../node.ts';

const modes = ['all', 'any', 'first'] as const;

const config = z.strictObject({
  mode: z.enum(modes).default('all').meta({ title: 'Takes', description: 'All that come, any one, or the first few.' }),
  count: z.int().positive().max(10_000).optional().meta({ title: 'How many', description: 'For the first few: how many values to take.' }),
  seconds: z
    .number()
    .positive()
    .max(31_536_000)
    .optional()
    .meta({ title: 'Time limit (seconds)', description: 'From the first value on. Then what has come is given.' }),
});
type Config = z.output<typeof config>;

const arriving = 'values';
const sourceSchema: Schema = { type: 'array', items: { type: 'string' } };

export const mergeKind = defineNode({
  kind: 'merge',
  layer: 'control',
  title: 'Merge',
  tagline: 'Several ways become one',
  icon: 'merge',
  doc: [
    'Any number of links may end at `values`. The values are given as a list in the order in which they came, `sources` says where each came from.',
    '',
    '**All** waits until every way has given a value or can give none any more. **Any** goes on with the first one, which is `value` as well. **First** takes the first few.',
    '',
    'A **time limit** begins with the first value; when it is over, or nothing more can come, what has come is given. What comes later is passed over, not stopped.',
    'Where no way gives a value, the node is skipped.',
  ].join('\n'),
  config,
  initial: { mode: 'all' },
  summary: (settings) => [wantedText(settings), ...(settings.seconds === undefined ? [] : [`at most ${settings.seconds} s`])].join(' · '),
  ports: ({ mode }) => ({
    inputs: { [arriving]: {} },
    outputs: { values: { type: 'array' }, sources: sourceSchema, ...(mode === 'any' && { value: {} }) },
    collects: [arriving],
  }),
  problems: ({ mode, count }, _flow, wired) => {
    if (mode === 'first' && count === undefined) return [{ field: 'count', message: 'Say how many values to take, or take all or any.' }];
    if (mode !== 'first' && count !== undefined)
      return [{ field: 'count', message: 'A number of values is taken only with "first". Take it out, or take the first few.' }];
    return count === undefined ? [] : tooFew(count, wired?.get(arriving) ?? 0);
  },
  *run({ config: settings, arrivals }, context) {
    const wanted = settings.mode === 'all' ? Number.POSITIVE_INFINITY : settings.mode === 'any' ? 1 : (settings.count ?? 1);
    const limit = settings.seconds === undefined ? undefined : context.timer({ time: context.now() + settings.seconds * 1000 }, '.limit');
    const came: Arrival[] = [];
    while (came.length < wanted) {
      const next = arrivals.next();
      const { key, result } = yield limit ? [next, limit] : next;
      if (key === limit?.key || !result) break;
      came.push(result as Arrival);
    }
    const values = came.map(({ value }) => value);
    return { values, sources: came.map(({ from }) => from), ...(settings.mode === 'any' && values[0] !== undefined && { value: values[0] }) };
  },
  examples: [
    {
      title: 'All that come, in order of arrival',
      config: {},
      inputs: { values: ['left', 'right'] },
      outputs: { values: ['left', 'right'], sources: ['source0.out', 'source1.out'] },
    },
    {
      title: 'The quickest of several',
      config: { mode: 'any' },
      inputs: { values: ['quick', 'slow'] },
      outputs: { values: ['quick'], sources: ['source0.out'], value: 'quick' },
    },
    {
      title: 'The first two, or what comes within 30 seconds',
      config: { mode: 'first', count: 2, seconds: 30 },
      inputs: { values: [1, 2, 3] },
      outputs: { values: [1, 2], sources: ['source0.out', 'source1.out'] },
    },
  ],
});

function wantedText({ mode, count }: Config): string {
  if (mode === 'first') return `first ${count ?? '?'}`;
  return mode;
}

/** Each link brings one value at most, so that so many never come. Without any link, something else is amiss. */
function tooFew(count: number, links: number): Problem[] {
  if (links === 0 || count <= links) return [];
  const message = `It is to take the first ${count} values, but only ${links === 1 ? 'one link brings' : `${links} links bring`} any: it would always wait for all of them. Draw more links, or take fewer.`;
  return [{ field: 'count', message, isHint: true, instead: { title: `Take ${links}`, value: links } }];
}
