/** MySQL and MariaDB. Connections here set the session's time zone to UTC and leave backslashes their meaning in text. */
import type { Column } from '../model.ts';
import { weekdays, type Moment, type TimeUnit } from '../moment.ts';
import { epochSeconds, isOneOf, isTextDate, likePattern, singleQuoted, type Dialect } from './dialect.ts';

const forms = { day: '%Y-%m-%d', month: '%Y-%m', year: '%Y' } as const;

export const mysql: Dialect = {
  isTypeless: false,
  always: 'TRUE',
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  text: textLiteral,
  boolean: (value) => (value ? 'TRUE' : 'FALSE'),
  asText: (value) => `CONVERT(${value} USING utf8mb4)`,
  // Two bars are an "or" here.
  joined: (texts) => (texts.length === 1 ? (texts[0] as string) : `CONCAT(${texts.join(', ')})`),
  equals: (value, texts, isNot) =>
    `${folded(value)} ${isOneOf(
      texts.map((text) => `LOWER(${textLiteral(text)})`),
      isNot,
    )}`,
  contains: (value, text) => `${folded(value)} LIKE LOWER(${textLiteral(likePattern(text))}) ESCAPE '\\\\'`,
  rounded: (value) => `ROUND(${value}, 2)`,
  ascending: (value) => value,
  descending: (value) => `${value} DESC`,
  figure: (_, name) => name,
  dated,
  moment: momentText,
  period,
};

function textLiteral(text: string): string {
  return singleQuoted(text.replaceAll('\\', '\\\\'));
}

/** Without capitals, and compared letter by letter: collations may take an accent, or all capitals, for no difference. */
function folded(value: string): string {
  return `LOWER(CONVERT(${value} USING utf8mb4)) COLLATE utf8mb4_bin`;
}

function dated(column: Column, name: string): string {
  if (column.isYear) return `CONCAT(LPAD(${name}, 4, '0'), '-01-01')`;
  // FROM_UNIXTIME knows no day before 1970.
  return column.isEpoch ? `DATE_ADD(TIMESTAMP('1970-01-01'), INTERVAL ${epochSeconds(name, `${name} DIV 1000`)} SECOND)` : name;
}

function momentText(moment: Moment, column: Column): string {
  const isText = isTextDate(column);
  if (moment.kind === 'day') return singleQuoted(moment.day);
  if (moment.kind === 'now') return isText ? "DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%d %H:%i:%s')" : 'UTC_TIMESTAMP()';
  const { startOf, change } = moment;
  const starts = { month: 'DATE_SUB(UTC_DATE(), INTERVAL DAYOFMONTH(UTC_DATE()) - 1 DAY)', year: 'MAKEDATE(YEAR(UTC_DATE()), 1)' } as const;
  const start = startOf ? starts[startOf] : 'UTC_DATE()';
  const day = change ? `DATE_ADD(${start}, INTERVAL ${change.count} ${change.unit.toUpperCase()})` : start;
  return isText ? `DATE_FORMAT(${day}, '%Y-%m-%d')` : day;
}

function period(column: Column, name: string, unit: TimeUnit): string {
  const moment = dated(column, name);
  if (unit === 'quarter') return `CONCAT(DATE_FORMAT(${moment}, '%Y'), '-Q', QUARTER(${moment}))`;
  // Weeks from Monday on, those before the year's first Monday being 00.
  if (unit === 'week') return `CONCAT(DATE_FORMAT(${moment}, '%Y-W'), LPAD(WEEK(${moment}, 5), 2, '0'))`;
  // DAYNAME speaks the server's language.
  if (unit === 'weekday') return `ELT(DAYOFWEEK(${moment}), ${weekdays.map((day) => `'${day}'`).join(', ')})`;
  return `DATE_FORMAT(${moment}, '${forms[unit]}')`;
}
