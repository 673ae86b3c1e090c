/** SQLite: dates are text, and its date functions take text. */
import type { Column } from '../model.ts';
import { weekdays, type Moment, type TimeUnit } from '../moment.ts';
import { doubleQuoted, isOneOf, likePattern, singleQuoted, type Dialect } from './dialect.ts';

const forms = { day: '%Y-%m-%d', week: '%Y-W%W', month: '%Y-%m', year: '%Y' } as const;

export const sqlite: Dialect = {
  isTypeless: true,
  always: '1',
  quote: doubleQuoted,
  text: singleQuoted,
  boolean: (value) => (value ? '1' : '0'),
  asText: (value) => `CAST(${value} AS TEXT)`,
  joined: (texts) => texts.join(' || '),
  equals(value, texts, isNot) {
    const literals = texts.map(singleQuoted);
    return literals.length === 1 ? `${value} ${isOneOf(literals, isNot)} COLLATE NOCASE` : `${value} COLLATE NOCASE ${isOneOf(literals, isNot)}`;
  },
  contains: (value, text) => `${value} LIKE ${singleQuoted(likePattern(text))} ESCAPE '\\'`,
  rounded: (value) => `ROUND(${value}, 2)`,
  ascending: (value) => value,
  descending: (value) => `${value} DESC`,
  figure: (_, name) => name,
  dated,
  moment: momentText,
  period,
};

function dated(column: Column, name: string): string {
  // Of nothing, printf makes the year 0.
  if (column.isYear) return `nullif(printf('%04d-01-01', ${name}), '0000-01-01')`;
  // Seconds or milliseconds: no day of this century is over 100 thousand million seconds.
  return column.isEpoch ? `datetime(CASE WHEN abs(${name}) > 100000000000 THEN ${name} / 1000 ELSE ${name} END, 'unixepoch')` : name;
}

function momentText(moment: Moment): string {
  if (moment.kind === 'day') return singleQuoted(moment.day);
  if (moment.kind === 'now') return "datetime('now')";
  const { startOf, change } = moment;
  const isClipped = change !== undefined && change.unit !== 'day' && startOf === undefined;
  const changes = [
    ...(startOf ? [`start of ${startOf}`] : []),
    ...(change ? [changeText(change)] : []),
    // A month before the 31st of March is the last of February, as on other databases.
    ...(isClipped ? ['floor'] : []),
  ];
  return `date(${['now', ...changes].map(singleQuoted).join(', ')})`;
}

function changeText({ count, unit }: { count: number; unit: string }): string {
  return `${count > 0 ? '+' : ''}${count} ${unit}${Math.abs(count) === 1 ? '' : 's'}`;
}

function period(column: Column, name: string, unit: TimeUnit): string {
  const moment = dated(column, name);
  if (unit === 'quarter') return `strftime('%Y', ${moment}) || '-Q' || ((strftime('%m', ${moment}) + 2) / 3)`;
  if (unit === 'weekday') return `CASE strftime('%w', ${moment}) ${weekdays.map((day, index) => `WHEN '${index}' THEN '${day}'`).join(' ')} END`;
  return `strftime('${forms[unit]}', ${moment})`;
}
