/** The kind `search`: passages of a corpus by words and by meaning, as a step and as tools of a control node; what an answer cites is carried along. */
import { connectionTypesThatSpeak, FailureError, failure, type Json, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';
import { parseTemplate, templateVariables } from '../../expression.ts';
import { defineNode, field, type Context, type Operation, type Problem, type Step } from '../../node.ts';
import { objectSchema } from '../../schema.ts';

const corpora = connectionTypesThatSpeak('passages');

const config = z.strictObject({
  connection: field.connection(corpora).meta({ widget: 'connection', connectionTypes: corpora, title: 'Connection', description: 'The corpus.' }),
  prefix: z
    .string()
    .default('')
    .meta({ title: 'Sources that begin with', description: 'Only these are searched and read, such as guides/ for one folder. Empty: all.' }),
  limit: z.int().min(1).max(20).default(5).meta({ title: 'Passages', description: 'How many at most, where nothing else is asked for.' }),
  action: z
    .enum(['search', 'cited'])
    .default('search')
    .meta({ title: 'Action of the step', description: 'Search for a question, or find the passages that an answer cites as [id].' }),
  text: field.template().optional().meta({
    widget: 'template',
    title: 'Question or answer',
    description: 'Of the step: what to search for, or the answer whose citations are looked up. Such as {{question}}.',
  }),
});
type Config = z.output<typeof config>;

const passage = objectSchema(
  {
    cite: { type: 'string', description: 'What an answer names the passage by' },
    source: { type: 'string' },
    place: { type: 'string' },
    title: { type: 'string' },
    heading: { type: 'string' },
    text: { type: 'string' },
    score: { type: 'number' },
  },
  ['title', 'heading', 'score'],
);
const passages = { type: 'array', items: passage };

const noText: Problem = {
  field: 'text',
  message: 'The node runs as a step, but has nothing to search for. Write it in its settings, or grant the node to a control node instead.',
};

export const searchKind = defineNode({
  kind: 'search',
  layer: 'data',
  title: 'Search',
  tagline: 'Finds passages, with citations',
  icon: 'search',
  doc: `Searches a corpus: the texts of a folder, a bucket, the rows of a table or the pages of a site, cut into passages. They are compared by their words (BM25) and, where the corpus names an embedding model, by their meaning too; both rankings are joined.

Granted to a control node, it offers \`search\` (passages that fit a question best) and \`read\` (on from a passage). Each passage has a \`cite\` such as \`[k3x9p2ab]\`, and the model is told to put it into its answer where it uses the passage.

Linked as a step, it does its one **action**. *search* gives \`passages\`, and \`text\`: the same as one text for a prompt. *cited* takes an answer and gives \`sources\`, the passages that it cites, in order, and \`unknown\`, what it cites that is not there: a citation that was made up is seen.

The index is made and kept up to date when it is searched.`,
  config,
  initial: { limit: 5, action: 'search' },
  summary: ({ connection, prefix, limit, action }) =>
    `${connection}${prefix && ` · ${prefix}…`} · ${action === 'search' ? `${limit} passages` : 'what is cited'}`,
  ports: ({ text, action }) => ({
    inputs: Object.fromEntries(templateVariables(text ?? '').map((name) => [name, {}])),
    outputs: action === 'search' ? { passages, text: { type: 'string' } } : { sources: passages, unknown: { type: 'array', items: { type: 'string' } } },
  }),
  catalogue: ({ connection, prefix }, context) => context.connect({ connection, action: 'about', arguments: { prefix } }),
  operations: (settings, { title }) => operationsOf(settings, title),
  stepProblem: ({ text, action }) => (text?.trim() || action === 'cited' ? undefined : noText),
  *run({ config: settings, inputs }, context) {
    const text = parseTemplate(settings.text ?? '').render(inputs);
    if (settings.action === 'cited') {
      const { sources = [], unknown = [] } = (yield* perform(settings, { action: 'cited', args: { text } }, context)) as JsonObject;
      return { sources, unknown };
    }
    if (text.trim() === '') throw new FailureError(failure('query-missing', noText.message));
    const found = (yield* perform(settings, { action: 'search', args: { query: text.slice(0, longestQuery), limit: settings.limit } }, context)) as JsonObject;
    const list = (found.passages ?? []) as JsonObject[];
    return { passages: list, text: list.map(promptText).join('\n\n') };
  },
  examples: [
    {
      title: 'What the handbook says',
      config: { connection: 'handbook', text: '{{ question }}', limit: 1 },
      inputs: { question: 'How long can goods be returned?' },
      answers: {
        example: {
          passages: [
            { cite: '[k3x9p2ab]', source: 'returns.md', place: 'line 3', title: 'Returns', text: 'Goods can be returned within 30 days.', score: 0.016393 },
          ],
        },
      },
      outputs: {
        passages: [
          { cite: '[k3x9p2ab]', source: 'returns.md', place: 'line 3', title: 'Returns', text: 'Goods can be returned within 30 days.', score: 0.016393 },
        ],
        text: '[k3x9p2ab] Returns (returns.md, line 3)\nGoods can be returned within 30 days.',
      },
    },
    {
      title: 'The sources of an answer',
      config: { connection: 'handbook', action: 'cited', text: '{{ answer }}' },
      inputs: { answer: 'Within 30 days [k3x9p2ab], unless it is used [made0up0].' },
      answers: {
        example: {
          sources: [{ cite: '[k3x9p2ab]', source: 'returns.md', place: 'line 3', text: 'Goods can be returned within 30 days.' }],
          unknown: ['made0up0'],
        },
      },
      outputs: {
        sources: [{ cite: '[k3x9p2ab]', source: 'returns.md', place: 'line 3', text: 'Goods can be returned within 30 days.' }],
        unknown: ['made0up0'],
      },
    },
  ],
});

const longestQuery = 4000;

function operationsOf(settings: Config, title: string): Operation[] {
  const where = `Corpus: "${title}".`;
  return [
    {
      name: 'search',
      description: `Searches texts for the passages that answer a question best. ${where} In the answer, put the cite of each passage that you use behind what you take from it, as it is, brackets included.`,
      input: objectSchema({
        query: { type: 'string', minLength: 1, maxLength: longestQuery, description: 'The question, or words of what is looked for' },
        limit: { type: 'integer', minimum: 1, maximum: 20, default: settings.limit, description: 'How many passages at most' },
      }),
      effect: 'read',
      call: (args, context) => search(settings, { limit: settings.limit, ...args }, context),
    },
    {
      name: 'read',
      description: `Reads a text on from a passage, or from its beginning: what stands around what search found. ${where}`,
      input: objectSchema(
        { source: { type: 'string', minLength: 1, description: 'As search gives it' }, place: { type: 'string', description: 'As search gives it' } },
        ['place'],
      ),
      effect: 'read',
      call: (args, context) => perform(settings, { action: 'read', args }, context),
    },
  ];
}

function* perform({ connection, prefix }: Config, { action, args }: { action: string; args: JsonObject }, context: Context): Step<Json> {
  return yield* context.connect({ connection, action, arguments: { ...args, prefix } });
}

function* search(settings: Config, args: JsonObject, context: Context): Step<Json> {
  const { passages: found = [], notes } = (yield* perform(settings, { action: 'search', args }, context)) as JsonObject;
  return notes === undefined ? found : { rows: found, notes };
}

/** The passage as a prompt has it, under what names it. */
function promptText({ cite, source, place, title, heading, text }: JsonObject): string {
  const where = [source, place].join(', ');
  const name = [title, heading].filter((part) => part !== undefined).join(' › ');
  return `${String(cite)} ${name === '' ? where : `${name} (${where})`}\n${String(text)}`;
}
