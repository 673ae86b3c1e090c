/**
 * A catalogue in pieces: the members of its lists, each in several forms from its name alone to all of it. No type of connection is known here;
 * a piece is what stands in a list, whatever it is, and its parts are what stands in the lists within it.
 */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';

/** The key under which it is told how many were left out of each list. */
export const moreKey = 'more';

/** A list of the catalogue. */
export interface Section {
  /** Its key in the catalogue; absent where the catalogue is a list itself. */
  key?: string;
  list: readonly Json[];
}

export interface CutCatalogue {
  /** What is in no list: the dialect of a database, for example. */
  head: JsonObject;
  sections: Section[];
}

const longestText = 300;
const longestName = 120;
/** What a part is, in a word: its name, its type, what it refers to. */
const longestOutlined = 60;

/** Undefined for what cannot be cut: a text or a number. */
export function cutCatalogue(catalogue: Json): CutCatalogue | undefined {
  if (Array.isArray(catalogue)) return { head: {}, sections: [{ list: catalogue }] };
  if (!isJsonObject(catalogue)) return undefined;
  const entries = Object.entries(catalogue);
  const head = entries.filter(([, value]) => !Array.isArray(value)).map(([key, value]) => [key, shortened(value)]);
  const sections = entries.flatMap(([key, value]) => (Array.isArray(value) ? [{ key, list: value as Json[] }] : []));
  return { head: Object.fromEntries(head), sections };
}

/** What a piece is called. */
export function nameOf(piece: Json): string {
  if (typeof piece === 'string') return piece.slice(0, longestName);
  if (!isJsonObject(piece)) return '';
  const named = piece.name ?? piece.title ?? piece.key ?? piece.uri ?? piece.id;
  return (typeof named === 'string' ? named : '').slice(0, longestName);
}

/** The forms of a piece, smaller first: its name; with the parts that matter to the request; with the outlines of the others; whole. */
export const forms = ['name', 'wanted', 'outline', 'whole'] as const;
export type Form = (typeof forms)[number];

/** The piece in that form. `isWanted` says which of its parts matter to the request. */
export function formOf(piece: Json, form: Form, isWanted: (part: Json) => boolean): Json {
  if (form === 'whole') return piece;
  if (!isJsonObject(piece)) return shortened(piece);
  const name = nameOf(piece);
  if (form === 'name') return name === '' ? {} : { name };
  return form === 'outline' ? outlinedParts(piece, isWanted) : wantedParts(piece, isWanted);
}

function outlinedParts(piece: JsonObject, isWanted: (part: Json) => boolean): JsonObject {
  const change = (part: Json) => (isWanted(part) ? part : outlined(part));
  return Object.fromEntries(Object.entries(piece).map(([key, value]) => [key, Array.isArray(value) ? value.map(change) : shortened(value)]));
}

/** What was left out is counted: a table must not look as if it had no other columns. */
function wantedParts(piece: JsonObject, isWanted: (part: Json) => boolean): JsonObject {
  const more: JsonObject = {};
  const entries = Object.entries(piece).flatMap(([key, value]): [string, Json][] => {
    if (!Array.isArray(value)) return [[key, shortened(value)]];
    const wanted = value.filter(isWanted);
    if (wanted.length < value.length) more[key] = value.length - wanted.length;
    return wanted.length > 0 ? [[key, wanted]] : [];
  });
  return Object.fromEntries(Object.keys(more).length > 0 ? [...entries, [moreKey, more]] : entries);
}

function outlined(part: Json): Json {
  if (!isJsonObject(part)) return shortened(part);
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value === true || (typeof value === 'string' && value.length <= longestOutlined)));
}

function shortened(value: Json): Json {
  if (typeof value === 'string') return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  const text = JSON.stringify(value);
  return text.length > longestText ? `${text.length} characters of JSON, left out` : value;
}
