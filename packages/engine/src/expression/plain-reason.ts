/** What the parser says in the names of its own tokens, said in the signs that people write. Pure. */

const signs: Readonly<Record<string, string>> = {
  EOF: 'end',
  NUMBER: 'number',
  STRING: 'text',
  BOOLEAN: 'true or false',
  NULL: 'null',
  IDENTIFIER: 'name',
  BYTES: 'bytes',
  PLUS: '"+"',
  MINUS: '"-"',
  MULTIPLY: '"*"',
  DIVIDE: '"/"',
  MODULO: '"%"',
  EQ: '"=="',
  NE: '"!="',
  LT: '"<"',
  LE: '"<="',
  GT: '">"',
  GE: '">="',
  AND: '"&&"',
  OR: '"||"',
  NOT: '"!"',
  IN: '"in"',
  LPAREN: '"("',
  RPAREN: '")"',
  LBRACKET: '"["',
  RBRACKET: '"]"',
  LBRACE: '"{"',
  RBRACE: '"}"',
  DOT: '"."',
  COMMA: '","',
  COLON: '":"',
  QUESTION: '"?"',
};

/** Such as `Unexpected end` for `Unexpected token: EOF`; other reasons stay as they are. */
export function plainReason(reason: string): string {
  const [, unexpected] = /^Unexpected token: ([A-Z]+)$/.exec(reason) ?? [];
  if (unexpected !== undefined) return `Unexpected ${signs[unexpected] ?? unexpected}`;
  const [, expected, got] = /^Expected ([A-Z]+), got ([A-Z]+)$/.exec(reason) ?? [];
  if (expected === undefined || got === undefined) return reason;
  return `Expected ${signs[expected] ?? expected}, and not ${got === 'EOF' ? 'the end' : (signs[got] ?? got)},`;
}
