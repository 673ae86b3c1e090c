/** One statement with named parameters: what it is, and its text as a driver takes it. A value never enters the text. */
import type { Json, JsonObject } from '@switchyard/shared';
import { refusal } from './sql-refusal.ts';
import { sqlTokens, type SqlSyntax, type SqlToken } from './sql-tokens.ts';

const mostCharacters = 100_000;

/** Throws a SqlRefusal where there is no text to send, or too much of it. */
export function checkText(sql: string): void {
  if (sql === '') throw refusal('there is no SQL in it', 'sql-invalid');
  if (sql.length > mostCharacters) throw refusal(`its text is over ${mostCharacters} characters`, 'sql-too-large');
  // It would end the text early on its way to some servers.
  if (sql.includes('\0')) throw refusal('it has a null character');
}

/** Throws a SqlRefusal where values and parameters do not match. */
export function checkParameters(names: readonly string[], parameters: JsonObject): void {
  const missing = names.filter((name) => !Object.hasOwn(parameters, name));
  const extra = Object.keys(parameters).filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw refusal(
      `it has the parameter :${missing.join(', :')}, for which no value is given. Write values into the SQL, or give one for each parameter`,
      'sql-parameters',
    );
  if (extra.length > 0) throw refusal(`values are given for ${extra.map((name) => `:${name}`).join(', ')}, which it does not have`, 'sql-parameters');
}

export interface SqlStatement {
  tokens: SqlToken[];
  /** With the driver's placeholders. */
  text: string;
  /** One for each placeholder, in their order. */
  values: Json[];
  /** Names of the parameters, each once, in the order they first appear. */
  names: string[];
}

export interface StatementStyle {
  syntax: SqlSyntax;
  /** The placeholder of a parameter, which is the `number`th of those that differ. */
  placeholder(name: string, number: number): string;
  /** Each appearance takes a value of its own. */
  isPositional?: true;
}

const readWords = ['select', 'with', 'values', 'table'];
const writeWords = ['insert', 'update', 'delete', 'replace', 'merge', 'with'];

/** Reads a statement without anything after it. Throws a SqlRefusal. */
export function readStatement(sql: string, parameters: JsonObject, style: StatementStyle): SqlStatement {
  checkText(sql);
  const tokens = sqlTokens(sql, style.syntax);
  const used = tokens.filter(({ kind }) => kind === 'parameter');
  const names = [...new Set(used.map(({ text }) => text))];
  checkParameters(names, parameters);
  if (tokens.some(({ kind, text }) => kind === 'mark' && text === ';')) throw refusal('it has more than one statement. Send one at a time');
  let text = '';
  let end = 0;
  for (const token of used) {
    text += sql.slice(end, token.start) + style.placeholder(token.text, names.indexOf(token.text) + 1);
    end = token.end;
  }
  const valued = style.isPositional ? used.map((token) => token.text) : names;
  return { tokens, text: text + sql.slice(end), values: valued.map((name) => parameters[name] ?? null), names };
}

/** Throws `sql-refused` where the statement is not of the class that the access allows: one that reads, or one that changes rows. */
export function checkClass({ tokens }: Pick<SqlStatement, 'tokens'>, access: 'read' | 'write'): void {
  const first = tokens.find(({ kind, text }) => !(kind === 'mark' && text === '('));
  const word = first?.kind === 'word' ? first.text : '';
  if (access === 'write') {
    if (!writeWords.includes(word)) throw refusal(`it begins with ${shown(first)}. Send one INSERT, UPDATE or DELETE; tables are not made or changed here`);
    return;
  }
  if (!readWords.includes(word)) throw refusal(`it begins with ${shown(first)}. Only SELECT is allowed here`);
  const into = tokens.find(({ kind, text }) => kind === 'word' && text === 'into');
  if (into) throw refusal('it uses INTO, which writes. Only SELECT is allowed here');
  const locking = tokens.findIndex(({ kind, text }, index) => kind === 'word' && locks(text, tokens.slice(index + 1, index + 3)));
  if (locking >= 0) throw refusal('it locks rows, which only a writer may. Leave that clause out');
}

function locks(text: string, next: readonly SqlToken[]): boolean {
  const [one, two] = next.map((token) => (token.kind === 'word' ? token.text : ''));
  if (text === 'lock') return one === 'in' && two === 'share';
  return text === 'for' && (one === 'update' || one === 'share' || (one === 'no' && two === 'key') || (one === 'key' && two === 'share'));
}

function shown(token: SqlToken | undefined): string {
  return token?.kind === 'word' ? token.text.toUpperCase().slice(0, 40) : 'no word of SQL';
}

/** Names that are called: words and quoted names before an opening parenthesis. */
export function calledNames(tokens: readonly SqlToken[]): string[] {
  const called = tokens.filter(
    ({ kind }, index) => (kind === 'word' || kind === 'name') && tokens[index + 1]?.text === '(' && tokens[index + 1]?.kind === 'mark',
  );
  return [...new Set(called.map(({ text }) => text))];
}
