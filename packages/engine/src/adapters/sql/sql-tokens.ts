/**
 * SQL text as the tokens that a server will see, as far as checks and parameters need them: words, quoted names, strings, parameters and single marks.
 *
 * 1. Where quotes and comments begin and end is told exactly as the server tells it: a check that took code for text would be none. What servers read in
 *    two ways, by a setting or by what stands before, is refused.
 * 2. It takes time that grows with the text's length alone.
 */
import { refusal } from './sql-refusal.ts';

/** `standard` is PostgreSQL and DuckDB; `mysql` also MariaDB. */
export type SqlSyntax = 'standard' | 'mysql';

export interface SqlToken {
  kind: 'word' | 'name' | 'string' | 'parameter' | 'mark';
  /** Of a word in lower case, of a quoted name without its quotes, of a parameter its name; of a string as written. */
  text: string;
  start: number;
  end: number;
}

interface Lexis {
  pattern: RegExp;
  /** How the quote of a name is written within it. */
  nameQuote: string;
  hasNestedComments: boolean;
}

// Only these are white space to a server; what JavaScript's \s takes besides is part of names.
const space = '[ \\t\\n\\r\\f\\v]+';
const word = '[A-Za-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*';
const parameter = ':[A-Za-z_\\u0080-\\uffff][\\w\\u0080-\\uffff]*';

const lexes: Readonly<Record<SqlSyntax, Lexis>> = {
  standard: {
    pattern: new RegExp(
      [
        `(?<skip>${space}|--[^\\n\\r]*)`,
        "(?<string>[eE]'[^'\\\\]*(?:(?:\\\\[\\s\\S]|'')[^'\\\\]*)*'?|'[^']*(?:''[^']*)*'?|\\$(?<tag>(?:[A-Za-z_\\u0080-\\uffff][\\w\\u0080-\\uffff]*)?)\\$[\\s\\S]*?(?:\\$\\k<tag>\\$|$))",
        '(?<refused>[uU]&")',
        '(?<name>"[^"]*(?:""[^"]*)*"?)',
        `(?<word>${word})`,
        '(?<mark>::|:=)',
        `(?<parameter>${parameter})`,
        '(?<other>\\$\\w+)',
        '(?<any>[\\s\\S])',
      ].join('|'),
      'y',
    ),
    nameQuote: '"',
    hasNestedComments: true,
  },
  mysql: {
    pattern: new RegExp(
      [
        // Two dashes begin a comment only before white space or the end.
        `(?<skip>${space}|#[^\\n]*|--(?=[\\x00-\\x20]|$)[^\\n]*)`,
        '(?<string>\'[^\'\\\\]*(?:(?:\\\\[\\s\\S]|\'\')[^\'\\\\]*)*\'?|"[^"\\\\]*(?:(?:\\\\[\\s\\S]|"")[^"\\\\]*)*"?)',
        // What stands in such comments is run, or changes settings.
        '(?<refused>\\/\\*(?:!|M!|\\+))',
        '(?<name>`[^`]*(?:``[^`]*)*`?)',
        `(?<word>${word})`,
        '(?<mark>:=)',
        `(?<parameter>${parameter})`,
        '(?<other>\\?|@+[\\w$.\\u0080-\\uffff]*)',
        '(?<any>[\\s\\S])',
      ].join('|'),
      'y',
    ),
    nameQuote: '`',
    hasNestedComments: false,
  },
};

/** The tokens. Throws a SqlRefusal where the text has what is read in more than one way. */
export function sqlTokens(sql: string, syntax: SqlSyntax): SqlToken[] {
  const { pattern, nameQuote, hasNestedComments } = lexes[syntax];
  const tokens: SqlToken[] = [];
  let start = 0;
  let depth = 0;
  while (start < sql.length) {
    pattern.lastIndex = start;
    const groups = pattern.exec(sql)?.groups ?? {};
    if (groups.refused !== undefined) throw refusal(`it has ${groups.refused}, which is not allowed here`);
    if (groups.other !== undefined) throw refusal(`it has ${groups.other}, and only parameters written as :name are bound`, 'sql-parameters');
    if (sql.startsWith('/*', start)) {
      start = endOfComment(sql, start, hasNestedComments);
      continue;
    }
    // In `list[a:b]` the colon begins no parameter.
    const isSlice = groups.parameter !== undefined && depth > 0 && /[\w\u0080-\uffff)\]"]/.test(sql.charAt(start - 1));
    const end = isSlice ? start + 1 : pattern.lastIndex;
    const text = sql.slice(start, end);
    if (groups.any === '[') depth += 1;
    else if (groups.any === ']') depth = Math.max(0, depth - 1);
    if (groups.string !== undefined) tokens.push(checked({ kind: 'string', text, start, end }, tokens.at(-1)));
    else if (groups.name !== undefined) tokens.push({ kind: 'name', text: text.slice(1, -1).replaceAll(nameQuote + nameQuote, nameQuote), start, end });
    else if (groups.word !== undefined) tokens.push({ kind: 'word', text: text.toLowerCase(), start, end });
    else if (groups.parameter !== undefined && !isSlice) tokens.push({ kind: 'parameter', text: text.slice(1), start, end });
    else if (groups.skip === undefined) tokens.push({ kind: 'mark', text, start, end });
    start = end;
  }
  return tokens;
}

/** PostgreSQL reads a string that follows an E'…' on a new line as part of it, backslashes included. */
function checked(token: SqlToken, before: SqlToken | undefined): SqlToken {
  if (before?.kind === 'string' && token.text.startsWith("'") && token.text.includes('\\') && !before.text.startsWith('$'))
    throw refusal('it has strings beside one another with a backslash, which is not allowed here. Join them with ||');
  return token;
}

function endOfComment(sql: string, start: number, isNested: boolean): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start + 2;
  let depth = 1;
  for (let match = marks.exec(sql); match; match = marks.exec(sql)) {
    if (match[0] === '*/') depth -= 1;
    else if (isNested) depth += 1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}
