/** What is in an object, in the form that whoever asks can use: text, JSON, the rows of a table, the text of a PDF, or bytes as base64. */
import { extname } from 'node:path';
import { FailureError, failure, jsonDepth, type Json, type JsonObject } from '@switchyard/shared';
import type { Deadline } from '../deadline.ts';
import type { ObjectStore } from './object-store.ts';
import { readPdf } from './read-pdf.ts';
import { readRows } from './read-rows.ts';

export const contentForms = ['text', 'json', 'rows', 'pdf', 'base64'] as const;
export type ContentForm = (typeof contentForms)[number];

export interface ContentRequest {
  key: string;
  /** Found out where left out. */
  as?: ContentForm | undefined;
  /** Of a text: the first character, and how many at most. */
  offset: number;
  characters: number;
}

/** Bytes read of an object, by form. A text that is longer is cut; JSON and PDF that are larger are not read. */
const mostBytes: Readonly<Record<ContentForm, number>> = { text: 5_000_000, json: 5_000_000, rows: 5_000_000, pdf: 25_000_000, base64: 500_000 };
const deepest = 64;

interface Content {
  bytes: Buffer;
  isCut: boolean;
  what: string;
  deadline: Deadline;
  request: ContentRequest;
}

/** `{ key, size, form, … }` with `text`, `json`, `rows` and `columns`, or `base64`; `truncated` where it is not all. */
export async function readContent(store: ObjectStore, request: ContentRequest, deadline: Deadline): Promise<JsonObject> {
  const { key } = request;
  const expected = request.as ?? formOf(key);
  const { bytes, size, mediaType } = await store.read(key, mostBytes[expected ?? 'pdf'], deadline.signal);
  const form = request.as ?? expected ?? sniffed(bytes, mediaType);
  const kept = bytes.subarray(0, mostBytes[form]);
  const what = `The object ${JSON.stringify(key)} of connection "${store.name}"`;
  return { key, size, form, ...(await readers[form]({ bytes: kept, isCut: kept.length < size, what, deadline, request })) };
}

/** A row as lines of `column: value`. */
export function rowText(row: JsonObject): string {
  return Object.entries(row)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}

const readers: Readonly<Record<ContentForm, (content: Content) => JsonObject | Promise<JsonObject>>> = {
  text: ({ bytes, isCut, request }) => piece(decode(bytes), request, isCut),
  json({ bytes, isCut, what }) {
    const text = decode(bytes);
    const why = isCut ? `is larger than ${mostBytes.json / 1_000_000} MB` : jsonDepth(text, deepest) > deepest ? `is nested deeper than ${deepest}` : undefined;
    if (why) throw new FailureError(failure('object-unreadable', `${what} ${why}, and is not read as JSON. Read it as text, piece by piece.`));
    try {
      return { json: JSON.parse(text) as Json };
    } catch {
      throw new FailureError(failure('object-unreadable', `${what} is not JSON. Read it as text.`));
    }
  },
  rows: ({ bytes, isCut, what, request }) => readRows(decode(bytes), { isCut, what, isTabbed: /\.(tsv|tab)$/i.test(request.key) }),
  async pdf({ bytes, isCut, what, deadline, request }) {
    if (isCut) throw new FailureError(failure('object-unreadable', `${what} is larger than ${mostBytes.pdf / 1_000_000} MB, and is not read as a PDF.`));
    const { text, pages, isCut: isTextCut } = await readPdf(bytes, what, deadline);
    return { pages, ...piece(text, request, isTextCut) };
  },
  base64: ({ bytes, isCut }) => ({ base64: bytes.toString('base64'), ...(isCut && { truncated: true }) }),
};

function piece(text: string, { offset, characters }: ContentRequest, isCut: boolean): JsonObject {
  const end = offset + characters;
  const isMore = isCut || text.length > end;
  return { text: text.slice(offset, end), ...(offset > 0 && { offset }), ...(isMore && { truncated: true, characters: text.length }) };
}

const formsByExtension: readonly [ContentForm, RegExp][] = [
  ['json', /^\.(json|geojson)$/],
  ['rows', /^\.(csv|tsv|tab)$/],
  ['pdf', /^\.pdf$/],
  ['text', /^\.(txt|md|markdown|html?|xml|ya?ml|toml|ini|log|rst|adoc|jsonl|ndjson|sql|tex|srt|vtt|eml|[cm]?[jt]sx?|py|java|go|rs|rb|php|sh|c|h|cpp|cs|css)$/],
];

function formOf(key: string): ContentForm | undefined {
  const extension = extname(key).toLowerCase();
  return formsByExtension.find(([, pattern]) => pattern.test(extension))?.[0];
}

function sniffed(bytes: Buffer, mediaType = ''): ContentForm {
  if (/^application\/json\b/.test(mediaType)) return 'json';
  if (/^text\/csv\b/.test(mediaType)) return 'rows';
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') return 'pdf';
  return isText(bytes.subarray(0, 4096)) ? 'text' : 'base64';
}

/** No NUL, and UTF-8 but for a character that the sample's end may cut. */
function isText(sample: Buffer): boolean {
  if (sample.includes(0)) return false;
  const text = new TextDecoder().decode(sample, { stream: true });
  return !text.includes('�');
}

const marks: readonly [string, readonly number[]][] = [
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** UTF-8, or UTF-16 where its mark stands first; what is no UTF-8 is read as Windows-1252. */
function decode(bytes: Buffer): string {
  const marked = marks.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  if (marked) return new TextDecoder(marked[0]).decode(bytes);
  const text = new TextDecoder().decode(bytes, { stream: true });
  return text.includes('�') && !isText(bytes.subarray(0, 65_536)) && !bytes.includes(0) ? new TextDecoder('windows-1252').decode(bytes) : text;
}
