/** A clause while it is read against one database: its tokens, what of the catalogue they mention, and which are explained so far. */
import type { SchemaModel } from '../schema/model.ts';
import type { Token } from '../tokens.ts';
import { findMentions, type Mention } from './mentions.ts';

export interface Span {
  /** Index of the first token. */
  start: number;
  /** Index after the last token. */
  end: number;
}

export interface Draft {
  schema: SchemaModel;
  tokens: readonly Token[];
  mentions: readonly Mention[];
  /** The clause as words with one space between; other tokens stand as marks: `#date`, `#number`, `#identifier`, `#email`, `#quote`. */
  text: string;
  /** Indexes of the tokens that the reading has made use of. */
  used: Set<number>;
}

export interface Phrase extends Span {
  match: RegExpMatchArray;
}

export function startDraft(tokens: readonly Token[], schema: SchemaModel): Draft {
  const text = tokens.map((token) => (token.kind === 'word' ? token.word.replaceAll(' ', '') : `#${token.kind}`)).join(' ');
  return { schema, tokens, mentions: findMentions(tokens, schema), text, used: new Set() };
}

/** The same clause with nothing explained but what is already, for one way of reading it. */
export function branchDraft(draft: Draft): Draft {
  return { ...draft, used: new Set(draft.used) };
}

/** Where a pattern of words matches, as tokens. The pattern sees the draft's text and must match whole words. */
export function findPhrases(draft: Draft, pattern: RegExp): Phrase[] {
  const whole = new RegExp(`(?<=^| )(?:${pattern.source})(?= |$)`, 'g');
  return [...draft.text.matchAll(whole)].map((match) => {
    const start = wordsBefore(draft.text, match.index);
    return { start, end: start + match[0].split(' ').length, match };
  });
}

function wordsBefore(text: string, offset: number): number {
  return offset === 0 ? 0 : text.slice(0, offset).trimEnd().split(' ').length;
}

export function explain(draft: Draft, span: Span): void {
  for (let index = span.start; index < span.end; index += 1) draft.used.add(index);
}

export function isUsed(draft: Draft, span: Span): boolean {
  for (let index = span.start; index < span.end; index += 1) if (draft.used.has(index)) return true;
  return false;
}

/** Mentions not yet explained, in order. */
export function freeMentions(draft: Draft): Mention[] {
  return draft.mentions.filter((mention) => !isUsed(draft, mention));
}

/** The words of some tokens as they were written. */
export function spanText(draft: Draft, span: Span): string {
  return draft.tokens
    .slice(span.start, span.end)
    .map((token) => token.text)
    .join(' ');
}
