/**
 * Parses the chunks of one answer. They differ from one another in little but the piece of text they carry, and parsing each whole was the largest part
 * of what a streamed answer cost: so what stands around the piece is remembered, and of a chunk that has the same around its piece, the piece alone is parsed.
 *
 * 1. A place is used only once it is proven: the chunk with another text in that place, parsed whole, must have that text as its piece.
 * 2. What stands before the piece ends where a JSON value begins, and what stands after it follows one; a piece that is one JSON string makes the
 *    same of them, whatever the text. Anything else around or in the piece is parsed whole.
 */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';

interface Place {
  before: string;
  after: string;
  /** A chunk that has this around its piece; its piece is that of the latest. */
  chunk: JsonObject;
  /** Where the piece is in it. */
  holder: JsonObject;
  key: 'content' | 'arguments';
}

/** Of a server that puts something new around every piece, no more places are looked for. */
const mostVain = 4;
/** A longer chunk is no piece of a stream, but much of its answer at once. */
const longestLearned = 4000;

export class ChunkReader {
  #place: Place | undefined;
  #vain = 0;

  /** The chunk, good until the next is read; undefined where the line is no JSON object. */
  read(line: string): JsonObject | undefined {
    const place = this.#place;
    if (place && isAround(place, line)) {
      const piece = stringOf(line.slice(place.before.length, line.length - place.after.length));
      if (piece !== undefined) {
        this.#vain = 0;
        place.holder[place.key] = piece;
        return place.chunk;
      }
    }
    const chunk = parse(line);
    if (!isJsonObject(chunk)) return undefined;
    if (this.#vain < mostVain && line.length <= longestLearned) this.#learn(line, chunk);
    return chunk;
  }

  #learn(line: string, chunk: JsonObject): void {
    const found = pieceOf(chunk);
    if (!found) return;
    this.#vain += 1;
    const [start, end] = literalOf(line, found.key);
    if (end === start) return;
    const [before, after] = [line.slice(0, start), line.slice(end)];
    const other = `${found.text}.`;
    const probe = parse(before + JSON.stringify(other) + after);
    if (isJsonObject(probe) && pieceOf(probe)?.text === other) this.#place = { before, after, chunk, holder: found.holder, key: found.key };
  }
}

/** The piece of text that a chunk carries, where it carries one that is not empty: of the answer, or of the arguments of a call. */
function pieceOf(chunk: JsonObject): { holder: JsonObject; key: Place['key']; text: string } | undefined {
  const choice = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
  const delta = isJsonObject(choice) ? choice.delta : undefined;
  if (!isJsonObject(delta)) return undefined;
  if (typeof delta.content === 'string' && delta.content !== '') return { holder: delta, key: 'content', text: delta.content };
  const call = Array.isArray(delta.tool_calls) ? delta.tool_calls[0] : undefined;
  const called = isJsonObject(call) ? call.function : undefined;
  if (isJsonObject(called) && typeof called.arguments === 'string' && called.arguments !== '')
    return { holder: called, key: 'arguments', text: called.arguments };
  return undefined;
}

/** Comparing slices is three times as fast as `startsWith` and `endsWith` on texts as long as these. */
function isAround({ before, after }: Place, line: string): boolean {
  return line.length > before.length + after.length && line.slice(0, before.length) === before && line.slice(line.length - after.length) === after;
}

const plainLiteral = /^"[^"\\\p{Cc}]*"$/u;

/** The text of a JSON string, undefined for anything else; most have nothing in them to be unescaped. */
function stringOf(literal: string): string | undefined {
  if (plainLiteral.test(literal)) return literal.slice(1, -1);
  const value = parse(literal);
  return typeof value === 'string' ? value : undefined;
}

const stringLiteral = /\s*("(?:[^"\\]|\\.)*")/y;

/** From where to where the first string under this key reaches; an empty range where there is none. */
function literalOf(line: string, key: string): [start: number, end: number] {
  stringLiteral.lastIndex = line.indexOf(`"${key}":`) + key.length + 3;
  const found = stringLiteral.exec(line);
  return found ? [stringLiteral.lastIndex - (found[1] as string).length, stringLiteral.lastIndex] : [0, 0];
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
