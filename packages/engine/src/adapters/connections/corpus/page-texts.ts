/** Texts that are pages of an HTTP API or site: named one by one, and fetched to see whether they have changed. */
import { createHash } from 'node:crypto';
import type { Deadline } from '../../deadline.ts';
import type { OpenConnection } from '../connector.ts';
import { htmlText, isHtml } from '../../passages/html-text.ts';
import { mostCharacters, type TextFacts, type TextSource } from './text-source.ts';

export function pageTexts(open: OpenConnection, { connection, paths }: { connection: string; paths: readonly string[] }): TextSource {
  return { list: (deadline) => list(open, { connection, paths, deadline }) };
}

async function* list(
  open: OpenConnection,
  { connection, paths, deadline }: { connection: string; paths: readonly string[]; deadline: Deadline },
): AsyncGenerator<TextFacts> {
  for (const place of paths) {
    const [path = '/', search] = place.split('?', 2);
    const query = search === undefined ? undefined : Object.fromEntries(new URLSearchParams(search));
    const answer = await open.fetch?.({ connection, method: 'GET', path, ...(query && { query }) }, { deadline, effect: 'read' });
    const body = answer?.body ?? null;
    const whole = typeof body === 'string' ? body : JSON.stringify(body, null, 1);
    const text = (isHtml(whole) ? htmlText(whole) : whole).slice(0, mostCharacters);
    yield { source: place, version: createHash('sha256').update(text).digest('base64url'), text: async () => text };
  }
}
