/** Texts that are the objects of a bucket or the files of a folder. */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';
import type { Deadline } from '../../deadline.ts';
import type { OpenConnection } from '../connector.ts';
import { isHtml, htmlText } from '../../passages/html-text.ts';
import { rowText } from '../../objects/read-content.ts';
import { mostCharacters, type TextFacts, type TextSource } from './text-source.ts';

const page = 1000;

type Ask = (action: string, args: JsonObject) => Promise<JsonObject>;

export function objectTexts(open: OpenConnection, { connection, prefix = '' }: { connection: string; prefix?: string | undefined }): TextSource {
  return { list: (deadline) => list(open, { connection, prefix, deadline }) };
}

async function* list(
  open: OpenConnection,
  { connection, prefix, deadline }: { connection: string; prefix: string; deadline: Deadline },
): AsyncGenerator<TextFacts> {
  const ask: Ask = async (action, args) => (await open.connect?.({ connection, action, arguments: args }, { deadline, effect: 'read' })) as JsonObject;
  for (let after: string | undefined; ; ) {
    const { objects, truncated } = await ask('list', { prefix, count: page, ...(after !== undefined && { after }) });
    for (const found of objects as JsonObject[]) {
      const key = String(found.key);
      after = key;
      yield { source: key, version: `${String(found.size)}-${String(found.modified)}`, text: () => read(ask, key) };
    }
    if (truncated !== true || (objects as Json[]).length === 0) return;
  }
}

async function read(ask: Ask, key: string): Promise<string | undefined> {
  const content = await ask('read', { key, characters: 1_000_000 });
  if (typeof content.text === 'string') {
    const text = content.text.slice(0, mostCharacters);
    return isHtml(text) ? htmlText(text) : text;
  }
  if (Array.isArray(content.rows)) return content.rows.filter(isJsonObject).map(rowText).join('\n\n');
  return content.json === undefined ? undefined : JSON.stringify(content.json, null, 1).slice(0, mostCharacters);
}
