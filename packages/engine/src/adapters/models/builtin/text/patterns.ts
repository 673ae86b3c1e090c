/** What can be found in a text by its form alone: numbers, e-mail addresses, identifiers. */
import { findDates } from './dates.ts';

export interface Found {
  text: string;
  start: number;
  end: number;
}

const emailPattern = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu;
/** Letters and digits that belong together, such as P-20481, INV2026/17 or 978-3-16-148410-0. */
const identifierPattern =
  /(?<![\p{L}\p{N}])(?=[\p{L}\p{N}/_-]*\d)(?:\p{Lu}{1,6}[-_/]?\d[\p{L}\p{N}_/-]*|\d+(?:-\d+){2,}|[\p{Ll}\d]+(?:-[\p{Ll}\d]+){3,})(?![\p{L}\p{N}])/gu;
const numberPattern = /(?<![\p{L}\p{N}._-])-?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\p{L}\p{N}])|(?<![\p{L}\p{N}_-]|[.,]\d{0,9})-?\d+(?:\.\d+)?(?![\p{L}\p{N}])/gu;

export function findEmails(text: string): Found[] {
  return all(text, emailPattern);
}

/** Identifiers; dates, quarters and e-mail addresses are none. */
export function findIdentifiers(text: string): Found[] {
  const others = [...findDates(text), ...findEmails(text)];
  return all(text, identifierPattern).filter((found) => !others.some((other) => overlaps(found, other)));
}

/** Plain numbers; parts of dates, identifiers and e-mail addresses are none. A year counts where `withYears`. */
export function findNumbers(text: string, withYears = false): (Found & { value: number })[] {
  const dates = findDates(text).filter((date) => !(withYears && /^\d{4}$/.test(date.text)));
  const others = [...dates, ...findIdentifiers(text), ...findEmails(text)];
  return all(text, numberPattern)
    .filter((found) => !others.some((other) => overlaps(found, other)))
    .map((found) => ({ ...found, value: Number(found.text.replaceAll(',', '')) }));
}

export function overlaps(first: { start: number; end: number }, second: { start: number; end: number }): boolean {
  return first.start < second.end && first.end > second.start;
}

function all(text: string, pattern: RegExp): Found[] {
  return [...text.matchAll(pattern)].map((match) => ({ text: match[0], start: match.index, end: match.index + match[0].length }));
}
