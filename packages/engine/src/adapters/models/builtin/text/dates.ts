/** Dates in English text, as half-open ranges of days: "2025", "March 2026", "5 March 2026", "2026-03-05", "Q1 2026". */

export interface DateMention {
  /** First day, `YYYY-MM-DD`. */
  from: string;
  /** The day after the last. */
  to: string;
  /** Where it stands in the text. */
  start: number;
  end: number;
  text: string;
}

const monthNames = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'] as const;
const month = `(?<month>${monthNames.map((name) => (name === 'may' ? name : `${name}|${name.slice(0, 3)}`)).join('|')}|sept)`;
const year = '(?<year>(?:19|20)\\d\\d)';
const day = '(?<day>[0-3]?\\d)(?:st|nd|rd|th)?';

const patterns: readonly RegExp[] = [
  /\b(?<year>(?:19|20)\d\d)-(?<number>[01]\d)-(?<day>[0-3]\d)\b/gi,
  /\b(?<day>[0-3]?\d)\.(?<number>[01]?\d)\.(?<year>(?:19|20)\d\d)\b/gi,
  new RegExp(`\\b${day}(?: of)? ${month}\\.?,? ${year}\\b`, 'gi'),
  new RegExp(`\\b${month}\\.? ${day},? ${year}\\b`, 'gi'),
  new RegExp(`\\b${month}\\.?,?(?: of)? ${year}\\b`, 'gi'),
  /\b(?<year>(?:19|20)\d\d)-(?<number>[01]\d)\b/gi,
  new RegExp(`\\bq(?<quarter>[1-4])(?: of|,)? ?${year}\\b`, 'gi'),
  new RegExp(`\\b${year} q(?<quarter>[1-4])\\b`, 'gi'),
  new RegExp(`(?<![\\w.,-])${year}(?![\\w-]|[.,]\\d)`, 'gi'),
];

/** Every date in the text, in order, none inside another. */
export function findDates(text: string): DateMention[] {
  const found: DateMention[] = [];
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      if (found.some((other) => start < other.end && end > other.start)) continue;
      const range = rangeOf(match.groups ?? {});
      if (range) found.push({ ...range, start, end, text: match[0] });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function rangeOf(groups: Record<string, string | undefined>): { from: string; to: string } | undefined {
  const inYear = Number(groups.year);
  if (groups.quarter) return between(utc(inYear, (Number(groups.quarter) - 1) * 3, 1), utc(inYear, Number(groups.quarter) * 3, 1));
  const inMonth = groups.number ? Number(groups.number) - 1 : groups.month ? monthIndex(groups.month) : undefined;
  if (inMonth === undefined) return between(utc(inYear, 0, 1), utc(inYear + 1, 0, 1));
  if (inMonth < 0 || inMonth > 11) return undefined;
  if (!groups.day) return between(utc(inYear, inMonth, 1), utc(inYear, inMonth + 1, 1));
  const onDay = Number(groups.day);
  const from = utc(inYear, inMonth, onDay);
  // 31 June is no day: the calendar would move it to July.
  return onDay > 0 && from.getUTCDate() === onDay ? between(from, utc(inYear, inMonth, onDay + 1)) : undefined;
}

function monthIndex(name: string): number {
  return monthNames.findIndex((full) => full.startsWith(name.toLowerCase().slice(0, 3)));
}

function utc(inYear: number, inMonth: number, onDay: number): Date {
  return new Date(Date.UTC(inYear, inMonth, onDay));
}

function between(from: Date, to: Date): { from: string; to: string } {
  return { from: from.toISOString().slice(0, 10), to: to.toISOString().slice(0, 10) };
}
