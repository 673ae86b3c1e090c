/** PostgreSQL. Connections here set the session's time zone to UTC, so that CURRENT_DATE, and the days of moments with a time zone, are those of UTC. */
import type { Column } from '../model.ts';
import type { Moment, TimeUnit } from '../moment.ts';
import { doubleQuoted, epochSeconds, isOneOf, isTextDate, likePattern, singleQuoted, type Dialect } from './dialect.ts';

const forms = { day: 'YYYY-MM-DD', month: 'YYYY-MM', quarter: 'YYYY-"Q"Q', year: 'YYYY', weekday: 'FMDay' } as const;
const isoDay = "'^(?!0000)\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])'";

export const postgres: Dialect = {
  isTypeless: false,
  always: 'TRUE',
  quote: doubleQuoted,
  text: singleQuoted,
  boolean: (value) => (value ? 'TRUE' : 'FALSE'),
  asText: (value) => `CAST(${value} AS text)`,
  joined: (texts) => texts.join(' || '),
  equals: (value, texts, isNot) =>
    `LOWER(CAST(${value} AS text)) ${isOneOf(
      texts.map((text) => `LOWER(${singleQuoted(text)})`),
      isNot,
    )}`,
  contains: (value, text) => `CAST(${value} AS text) ILIKE ${singleQuoted(likePattern(text))} ESCAPE '\\'`,
  // It rounds no double to so many decimals.
  rounded: (value) => `ROUND(CAST(${value} AS numeric), 2)`,
  ascending: (value) => `${value} NULLS FIRST`,
  descending: (value) => `${value} DESC NULLS LAST`,
  // Money compares with money alone, and has no average.
  figure: ({ type }, name) => (/MONEY/i.test(type) ? `CAST(${name} AS numeric)` : name),
  dated,
  moment: momentText,
  period,
};

function dated(column: Column, name: string): string {
  if (column.isYear) return `(LPAD(CAST(${name} AS text), 4, '0') || '-01-01')`;
  if (column.isEpoch) return `to_timestamp(${epochSeconds(name)})`;
  // Digits and dashes in the order of their characters, whatever language the database sorts by.
  return isTextDate(column) ? `${name} COLLATE "C"` : name;
}

function momentText(moment: Moment, column: Column): string {
  const isText = isTextDate(column);
  if (moment.kind === 'day') return singleQuoted(moment.day);
  if (moment.kind === 'now') return isText ? "to_char(now(), 'YYYY-MM-DD HH24:MI:SS')" : 'now()';
  const { startOf, change } = moment;
  const start = startOf ? `CAST(date_trunc('${startOf}', CURRENT_DATE) AS date)` : 'CURRENT_DATE';
  const day = change ? `${start} + INTERVAL '${change.count} ${change.unit}'` : start;
  return isText ? `to_char(${day}, 'YYYY-MM-DD')` : day;
}

function period(column: Column, name: string, unit: TimeUnit): string {
  const moment = column.isYear ? `make_date(NULLIF(CAST(${name} AS integer), 0), 1, 1)` : isTextDate(column) ? dayOfText(name) : dated(column, name);
  if (unit !== 'week') return `to_char(${moment}, '${forms[unit]}')`;
  // Weeks from Monday on, those before the year's first Monday being 00: to_char has only ISO's.
  const week = `FLOOR((EXTRACT(DOY FROM ${moment}) + 7 - EXTRACT(ISODOW FROM ${moment})) / 7)`;
  return `to_char(${moment}, 'YYYY-"W"') || to_char(${week}, 'FM00')`;
}

/** The day that a text begins with; nothing where it begins with none: a cast that fails would fail the whole query. The 30th of February is the 2nd of March. */
function dayOfText(name: string): string {
  const day = `SUBSTRING(${name} FROM ${isoDay})`;
  return `(CAST(LEFT(${day}, 7) || '-01' AS date) + CAST(RIGHT(${day}, 2) AS integer) - 1)`;
}
