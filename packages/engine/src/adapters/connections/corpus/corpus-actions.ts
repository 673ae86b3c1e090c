/** What a corpus can be asked: to search, to read on from a passage, to say which passages an answer cites, and what there is. */
import { FailureError, failure, type ConnectRequest, type Json, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';
import type { IndexHandle } from '../../passages/index-handle.ts';
import type { FoundPassage } from '../../passages/passage-index.ts';
import { action, performAction, type ActionTable } from '../action-table.ts';
import type { ConnectorCall } from '../connector.ts';
import { rankings, type Corpus } from './corpus.ts';

export interface CurrentCorpus {
  /** Of the connection. */
  name: string;
  index: IndexHandle;
  corpus: Corpus;
}

const prefix = z.string().max(512).default('');
/** Passages that are read on from a place, at most. */
const mostRead = 8;
const mostCited = 100;
const mostTitles = 40;

const actions: ActionTable<CurrentCorpus> = {
  search: action(
    'read',
    z.strictObject({ query: z.string().trim().min(1).max(4000), limit: z.int().min(1).max(20).default(5), ranking: z.enum(rankings).default('both'), prefix }),
    async ({ corpus }, { query, limit, ranking, prefix: within }, call) => {
      const { passages, notes } = await corpus.search(query, { most: limit, ranking, prefix: within }, call);
      return { passages: passages.map((passage) => ({ ...shown(passage), score: passage.score })), ...(notes.length > 0 && { notes }) };
    },
  ),
  read: action(
    'read',
    z.strictObject({ source: z.string().min(1).max(1024), place: z.string().max(100).optional(), prefix }),
    async ({ corpus, index, name }, { source, place, prefix: within }, call) => {
      await corpus.refresh(call);
      const found = source.startsWith(within) ? await index.ask('from', source, place, mostRead) : undefined;
      if (found) return { source, passages: found.passages.map(shown), ...(found.isMore && { truncated: true }) };
      const where = place === undefined ? JSON.stringify(source) : `${JSON.stringify(source)} at ${JSON.stringify(place)}`;
      throw new FailureError(
        failure('passage-missing', `The corpus "${name}" has nothing as ${where}. Take source and place as search gives them; it may have changed since.`),
      );
    },
  ),
  cited: action('read', z.strictObject({ text: z.string().max(1_000_000), prefix }), async ({ corpus, index }, { text, prefix: within }, call) => {
    await corpus.refresh(call);
    const names = [...new Set([...text.matchAll(/\[([a-z0-9]{8})\]/g)].map((match) => match[1] as string))].slice(0, mostCited);
    const found = (await index.ask('named', names)).filter(({ source }) => source.startsWith(within));
    const unknown = names.filter((name) => !found.some(({ id }) => id === name));
    return { sources: found.map(shown), ...(unknown.length > 0 && { unknown }) };
  }),
  about: action('read', z.strictObject({ prefix }), async ({ corpus, index }, { prefix: within }, call) => {
    await corpus.refresh(call);
    const { texts, passages } = await index.ask('counts');
    return { texts, passages, titles: (await index.ask('titles', within, mostTitles)) as unknown as Json };
  }),
};

export function performCorpusAction(corpus: CurrentCorpus, request: ConnectRequest, call: ConnectorCall): Promise<Json> {
  return performAction(actions, 'A corpus', { client: corpus, request, call });
}

/** `cite` is what an answer names it by, as it is written there. */
function shown({ id, source, title, place, heading, text }: FoundPassage): JsonObject {
  return { cite: `[${id}]`, source, place, ...(title !== source && { title }), ...(heading !== '' && heading !== title && { heading }), text };
}
