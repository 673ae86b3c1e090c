/** What SQL text shows without parsing it whole: its `:name` parameters. Strings, quoted names and comments are passed over. */

export interface SqlParameters {
  /** Names of `:name` parameters, each once, in the order they first appear. */
  names: string[];
  /** Parameters of other styles (`?`, `?1`, `@name`, `$name`), which are not bound here. */
  others: string[];
}

const token =
  /'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|::|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)|([@$][A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*|\?\d*)|[[\]]/g;

/** The parameters of one or more SQL statements. A cast (`::type`) is none, nor is the end of a slice (`list[a:b]`). */
export function sqlParameters(sql: string): SqlParameters {
  const names = new Set<string>();
  const others = new Set<string>();
  // How deep in brackets that index or make a list. Others quote a name.
  let depth = 0;
  let isAfterArray = false;
  token.lastIndex = 0;
  for (let match = token.exec(sql); match; match = token.exec(sql)) {
    const [text, word, parameter, other] = match;
    if (parameter !== undefined) {
      if (depth === 0 || !endsOperand.test(sql.slice(match.index - 1, match.index))) names.add(parameter.slice(1));
    } else if (other !== undefined) others.add(other);
    else if (text === ']') depth = Math.max(0, depth - 1);
    else if (text === '[') {
      if (depth > 0 || isAfterArray || endsOperand.test(sql.slice(Math.max(0, match.index - 1), match.index))) depth += 1;
      else token.lastIndex = endOfName(sql, match.index);
    }
    isAfterArray = word?.toLowerCase() === 'array' && /^\s*\[/.test(sql.slice(token.lastIndex, token.lastIndex + 20));
  }
  return { names: [...names], others: [...others] };
}

/** The character before a bracket or a colon that makes it an index or a slice. */
const endsOperand = /[\w\u0080-\uffff)\]"]/;

function endOfName(sql: string, start: number): number {
  const end = sql.indexOf(']', start);
  return end < 0 ? sql.length : end + 1;
}

/** The text without the white space, comments and semicolons at its end. */
export function withoutSqlTail(sql: string): string {
  let end = 0;
  for (const match of sql.matchAll(/'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|\[[^\]]*\]?|(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[\s;]+)|./g)) {
    if (match[1] === undefined) end = match.index + match[0].length;
  }
  return sql.slice(0, end);
}
