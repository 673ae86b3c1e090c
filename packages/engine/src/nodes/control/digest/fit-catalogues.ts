/** Fits catalogues to a number of tokens: names first, then the detail of what the request is about, then of the rest, until there is no more room. */
import type { Json, JsonObject } from '@switchyard/shared';
import { cutCatalogue, formOf, forms, moreKey, nameOf, type CutCatalogue, type Form, type Section } from './catalogue-pieces.ts';
import { scoreOf, weighWords, wordsIn } from '../../request-words.ts';
import { bytesOf, bytesPerToken } from './tokens.ts';

interface Piece {
  section: Section;
  /** Worked out when asked for: of a large catalogue most are not. */
  form(form: Form): { value: Json; bytes: number };
  score: number;
  /** In its list: of equal pieces of several nodes the first ones come first. */
  position: number;
  /** The form that is told; absent, none. */
  told?: Form | undefined;
}

interface Cut {
  node: string;
  parts: CutCatalogue;
}

/** What a catalogue takes besides its pieces: its key, the brackets of its lists, and how many were left out of each. */
const frameBytes = 60;
/** Less room than this is none. */
const leastBytes = 8;

/** The catalogues by node, within the budget; one of which nothing fits is left out. */
export function fitCatalogues(catalogues: JsonObject, { request, budget }: { request: string; budget: number }): JsonObject {
  const room = { bytes: budget * bytesPerToken };
  const cuts = Object.entries(catalogues).flatMap(([node, catalogue]): Cut[] => {
    const parts = cutCatalogue(catalogue) ?? { head: { text: String(catalogue).slice(0, 300) }, sections: [] };
    const cost =
      frameBytes + bytesOf(JSON.stringify(parts.head)) + parts.sections.reduce((sum, { key = '' }) => sum + frameBytes + 2 * bytesOf(JSON.stringify(key)), 0);
    return take(room, cost) ? [{ node, parts }] : [];
  });
  const pieces = rankPieces(cuts, request);
  const wanted = pieces.filter(({ score }) => score > 0);
  raise(pieces, 'name', room);
  raise(wanted, 'whole', room);
  raise(pieces, 'outline', room);
  raise(pieces, 'whole', room);
  const bySection = Map.groupBy(pieces, ({ section }) => section);
  return Object.fromEntries(cuts.map(({ node, parts }) => [node, compose(parts, bySection)]));
}

/** Those that the request is about first. */
function rankPieces(cuts: readonly Cut[], request: string): Piece[] {
  const sections = cuts.flatMap(({ parts }) => parts.sections);
  const read = sections.flatMap((section) => section.list.map((value, position) => ({ section, value, position, words: wordsIn(value) })));
  const weights = weighWords(
    request,
    read.map(({ words }) => words),
  );
  const isWanted = (part: Json) => scoreOf(weights, wordsIn(part), nameOf(part)) > 0;
  return read
    .map(({ section, value, position, words }): Piece => {
      const form = remembered((name: Form) => {
        const told = formOf(value, name, isWanted);
        return { value: told, bytes: bytesOf(JSON.stringify(told)) + 1 };
      });
      return { section, position, form, score: scoreOf(weights, words, nameOf(value)) };
    })
    .sort((a, b) => b.score - a.score || a.position - b.position);
}

function remembered<Key, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key) ?? work(key);
    known.set(key, value);
    return value;
  };
}

/** Tells each of the pieces, in turn, in the fullest form up to `most` that there is room for. */
function raise(pieces: readonly Piece[], most: Form, room: { bytes: number }): void {
  for (const piece of pieces) {
    if (room.bytes < leastBytes) return;
    const has = piece.told === undefined ? 0 : piece.form(piece.told).bytes;
    const lowest = piece.told === undefined ? 0 : forms.indexOf(piece.told) + 1;
    const fuller = forms.slice(lowest, forms.indexOf(most) + 1).toReversed();
    piece.told = fuller.find((form) => take(room, piece.form(form).bytes - has)) ?? piece.told;
  }
}

function take(room: { bytes: number }, cost: number): boolean {
  if (cost > room.bytes) return false;
  room.bytes -= cost;
  return true;
}

function compose({ head, sections }: CutCatalogue, bySection: ReadonlyMap<Section, readonly Piece[]>): Json {
  const lists = sections.map((section) => {
    const pieces = [...(bySection.get(section) ?? [])]
      .sort((a, b) => a.position - b.position)
      .flatMap(({ told, form }) => (told === undefined ? [] : [form(told).value]));
    const left = section.list.length - pieces.length;
    return { key: section.key ?? 'list', list: pieces, left };
  });
  const more = lists.filter(({ left }) => left > 0).map(({ key, left }) => [key, left]);
  return { ...head, ...Object.fromEntries(lists.map(({ key, list }) => [key, list])), ...(more.length > 0 && { [moreKey]: Object.fromEntries(more) }) };
}
