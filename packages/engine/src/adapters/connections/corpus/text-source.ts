/** Where the texts of a corpus come from, whatever sort of connection that is. */
import type { Deadline } from '../../deadline.ts';

export interface TextFacts {
  /** What the text is called within its corpus. */
  source: string;
  /** Another one wherever the text may be another. */
  version: string;
  /** Gives the text where it is known already, or reads it; undefined where it has none. */
  text(): Promise<string | undefined>;
}

export interface TextSource {
  /** Every text there is, with what it takes to see whether it has changed. */
  list(deadline: Deadline): AsyncIterable<TextFacts>;
  /** Texts by how near their vectors are, the nearest first, where the source has vectors of its own: their `source`. */
  nearest?(vector: Float32Array, most: number, deadline: Deadline): Promise<string[]>;
}

/** How many texts a corpus has at most; what is beyond is left out, and search says so. */
export const mostTexts = 20_000;
/** Characters of a text that are indexed. */
export const mostCharacters = 2_000_000;
