/**
 * Regular expressions in which a repetition stands alone within another, such as (\w+\s*)+: the same text can be split between the two in so many ways
 * that trying them all takes hours, and nothing can stop a match that is under way. Tells these, which can always be written otherwise; no proof that
 * another one is quick.
 */

/** A part of a sequence that takes up text. */
interface Part {
  least: number;
  most: number;
  /** The ways of a group. */
  ways?: Part[][];
}

/** `pattern` is a regular expression that compiles. */
export function isRunaway(pattern: string): boolean {
  return new PatternReader(pattern).hasRunaway();
}

class PatternReader {
  readonly #text: string;
  #at = 0;
  #isRunaway = false;

  constructor(text: string) {
    this.#text = text;
  }

  hasRunaway(): boolean {
    this.#ways();
    return this.#isRunaway;
  }

  /** Up to the end of the group. */
  #ways(): Part[][] {
    let way: Part[] = [];
    const ways = [way];
    while (this.#at < this.#text.length && this.#text[this.#at] !== ')') {
      if (this.#take(/\|/y)) {
        way = [];
        ways.push(way);
        continue;
      }
      const part = this.#part();
      if (part) way.push(part);
    }
    return ways;
  }

  /** Undefined for what takes up no text: an anchor, or a look around. */
  #part(): Part | undefined {
    if (this.#take(/\^|\$|\\[bB]/y)) return undefined;
    const group = this.#take(/\((?:\?(?:<?[=!]|:|<\w+>|[a-z-]+:))?/y);
    const ways = group === undefined ? undefined : this.#ways();
    if (ways) this.#take(/\)/y);
    else this.#take(/\\(?:[upP]\{[^}]*\}|k<\w+>|.)|\[(?:\\.|[^\]\\])*\]|./suy);
    const [least, most] = this.#count();
    if (ways && most === Number.POSITIVE_INFINITY && ways.some(isLoose)) this.#isRunaway = true;
    return group !== undefined && /[=!]$/.test(group) ? undefined : { least, most, ...(ways && { ways }) };
  }

  #count(): [least: number, most: number] {
    const written = this.#take(/(?:[*+?]|\{\d+(?:,\d*)?\})\??/y);
    if (written === undefined) return [1, 1];
    const [sign] = written;
    if (sign !== '{') return [sign === '+' ? 1 : 0, sign === '?' ? 1 : Number.POSITIVE_INFINITY];
    const [least = '', most = least] = written.replaceAll(/[{}?]/g, '').split(',');
    return [Number(least), most === '' ? Number.POSITIVE_INFINITY : Number(most)];
  }

  #take(what: RegExp): string | undefined {
    what.lastIndex = this.#at;
    const [found] = what.exec(this.#text) ?? [];
    this.#at += found?.length ?? 0;
    return found;
  }
}

/** Whether nothing need stand beside one repetition without an end. */
function isLoose(way: readonly Part[]): boolean {
  const needed = way.filter(({ least }) => least > 0);
  const candidates = needed.length === 0 ? way : needed.length === 1 ? needed : [];
  return candidates.some(({ most, ways }) => most === Number.POSITIVE_INFINITY || ways?.some(isLoose) === true);
}
