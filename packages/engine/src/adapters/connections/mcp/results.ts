/** What a tool or a resource gave, as JSON that a flow and a model can use, within bounds. */
import { FailureError, failure, parseJson, type Json } from '@switchyard/shared';

/** A part of a result, as the protocol gives it. */
export interface Content {
  type: string;
  text?: string | undefined;
  data?: string | undefined;
  mimeType?: string | undefined;
  uri?: string | undefined;
  name?: string | undefined;
  resource?: { uri: string; text?: string | undefined; blob?: string | undefined; mimeType?: string | undefined } | undefined;
}

export interface CallResult {
  content?: readonly Content[] | undefined;
  structuredContent?: unknown;
  isError?: boolean | undefined;
}

/** Characters of one result. */
const mostCharacters = 1_000_000;

/** The structured result where there is one, the text where that is all, else the parts. Throws the FailureError `tool-failed` where the tool says it failed. */
export function resultOf(result: CallResult, what: string): Json {
  const parts = (result.content ?? []).map(partOf);
  if (result.isError) {
    const said = parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join('\n');
    throw new FailureError(failure('tool-failed', `${what} failed: ${said.slice(0, 2000) || 'it does not say why'}`));
  }
  if (result.structuredContent !== undefined && result.structuredContent !== null) return bounded(result.structuredContent as Json, what);
  if (parts.length === 1) return bounded(asJson(parts[0] as Json), what);
  return bounded(parts, what);
}

/** The contents of a resource. */
export function contentsOf(contents: readonly { uri: string; text?: unknown; blob?: unknown; mimeType?: string | undefined }[], what: string): Json {
  return bounded(
    contents.map(({ uri, text, blob, mimeType }) => ({
      uri,
      ...(mimeType !== undefined && { mimeType }),
      ...(typeof text === 'string' ? { text } : { base64: typeof blob === 'string' ? blob : '' }),
    })),
    what,
  );
}

function partOf({ type, text, data, mimeType = '', uri, name, resource }: Content): Json {
  if (type === 'text') return text ?? '';
  if (resource) return { uri: resource.uri, ...(resource.text === undefined ? { base64: resource.blob ?? '' } : { text: resource.text }) };
  if (uri !== undefined) return { uri, name: name ?? '' };
  return { type, mimeType, base64: data ?? '' };
}

/** Text that is JSON is given as what it says. */
function asJson(part: Json): Json {
  if (typeof part !== 'string' || !/^\s*[[{]/.test(part)) return part;
  return parseJson(part) ?? part;
}

function bounded(value: Json, what: string): Json {
  if (typeof value === 'string' && value.length > mostCharacters) return value.slice(0, mostCharacters);
  if (JSON.stringify(value).length <= mostCharacters) return value;
  throw new FailureError(
    failure(
      'response-too-large',
      `${what} gave more than ${mostCharacters / 1_000_000} million characters. Ask for less: a filter, fewer fields, or a part at a time.`,
    ),
  );
}
