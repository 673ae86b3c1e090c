/** The catalogue of the data layer within what a model was told first: JSON between data tags in the system message. Pure. */
import { isJsonObject, type Json } from '@switchyard/shared';

export interface SeenDataLayer {
  digest: Json;
  /** Of the block alone, estimated: models count differently. */
  tokens: number;
}

/** English prose and JSON come to about four characters a token with common tokenisers. */
const charactersPerToken = 4;
const heading = 'Catalogue of the data layer:';
const opening = '<data source="catalogue">\n';

/** Undefined where the request holds none. */
export function seenDataLayer(request: Json): SeenDataLayer | undefined {
  const messages = isJsonObject(request) ? request.messages : undefined;
  if (!Array.isArray(messages)) return undefined;
  for (const message of messages) {
    if (!isJsonObject(message) || message.role !== 'system' || typeof message.text !== 'string') continue;
    const block = blockIn(message.text);
    if (block !== undefined) return { digest: readJson(block), tokens: Math.ceil(block.length / charactersPerToken) };
  }
  return undefined;
}

/** The tools that the model is given, and what they may cost; undefined where there are none. */
export function seenTools(request: Json): { list: Json[]; tokens: number } | undefined {
  const tools = isJsonObject(request) ? request.tools : undefined;
  if (!Array.isArray(tools) || tools.length === 0) return undefined;
  return { list: tools, tokens: Math.ceil(JSON.stringify(tools).length / charactersPerToken) };
}

function blockIn(text: string): string | undefined {
  const begin = text.indexOf(heading);
  const tag = begin < 0 ? -1 : text.indexOf(opening, begin);
  if (tag < 0) return undefined;
  const start = tag + opening.length;
  const end = text.indexOf('\n</data>', start);
  return text.slice(start, end < 0 ? undefined : end);
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
