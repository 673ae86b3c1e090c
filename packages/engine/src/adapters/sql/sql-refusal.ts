/** What is wrong with a statement before it is run: a code, and words that complete "The query on connection … failed:". */

export class SqlRefusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function refusal(why: string, code = 'sql-refused'): SqlRefusal {
  return new SqlRefusal(code, why);
}
