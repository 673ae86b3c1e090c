/** What SQL text shows without parsing it whole: its `:name` parameters. Strings, quoted names and comments are passed over. */

export interface SqlParameters {
  /** Names of `:name` parameters, each once, in the order they first appear. */
  names: string[];
  /** Parameters of other styles (`?`, `?1`, `@name`, `$name`), which are not bound here. */
  others: string[];
}

const token =
  /'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|\[[^\]]*\]?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|([:@$][A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*|\?\d*)/g;

/** The parameters of one or more SQL statements. */
export function sqlParameters(sql: string): SqlParameters {
  const names = new Set<string>();
  const others = new Set<string>();
  for (const [, parameter] of sql.matchAll(token)) {
    if (parameter === undefined) continue;
    if (parameter.startsWith(':')) names.add(parameter.slice(1));
    else others.add(parameter);
  }
  return { names: [...names], others: [...others] };
}

/** The text without the white space, comments and semicolons at its end. */
export function withoutSqlTail(sql: string): string {
  let end = 0;
  for (const match of sql.matchAll(/'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|\[[^\]]*\]?|(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[\s;]+)|./g)) {
    if (match[1] === undefined) end = match.index + match[0].length;
  }
  return sql.slice(0, end);
}
