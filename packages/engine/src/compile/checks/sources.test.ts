/** Code that does not parse is told with its line and the reason, and code that the sandbox takes is not. */
import { describe, expect, it } from 'vitest';
import { codeKind } from '../../nodes/code/code.ts';
import { check, draw, straight } from '../../testing/drawn-flow.ts';

const mistakes = (code: string) =>
  check(draw({ work: { kind: codeKind.kind, config: { code } } }, ...straight)).filter(({ path }) => path === '/nodes/work/config/code');

describe('JavaScript', () => {
  it.each([
    ['const total = 1;\nreturn total +;', 'Line 2, column 15: ";" is not expected here. The code cannot run as it is.'],
    ['const a = 1;\nconst a = 2;', "Line 2, column 7: identifier 'a' has already been declared. The code cannot run as it is."],
    ['return "open', 'Line 1, column 8: unterminated string constant. The code cannot run as it is.'],
    ['if (true) {\n  return 1;\n', 'Line 2, column 12: the code ends within something that is not complete. Close what is open.'],
    ['return 1;\n}', 'Line 2, column 1: this brace closes nothing. Take it out, or open one before it.'],
    ['}}); ((function () { return async function () { return 7', 'Line 1, column 1: this brace closes nothing. Take it out, or open one before it.'],
    [
      'import fs from "fs";',
      'Line 1, column 1: nothing can be imported or exported, the code has the language and its inputs alone. The code cannot run as it is.',
    ],
    ['with (Math) { return PI }', /^Line 1, column 1: .*strict/],
  ])('%j is told', (code, message) => {
    const [found, ...more] = mistakes(code);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ code: 'config-invalid', severity: 'error', node: 'work', field: 'code' });
    if (typeof message === 'string') expect(found?.message).toBe(message);
    else expect(found?.message).toMatch(message);
  });

  it.each([
    ['const total = 1;\nreturn total +;', ';'],
    ['const a = 1;\nconst ab = 2;\nlet ab;', 'ab'],
    ['if (true) {\n  return 1;\n', ';'],
    ['return 1;\n}', '}'],
  ])('the part of %j that is meant is told', (code, meant) => {
    const [found] = mistakes(code);
    expect(code.slice(found?.span?.start, found?.span?.end)).toBe(meant);
  });

  it.each([
    'return null;',
    'const { a = 1, ...rest } = JSON.parse("{}");\nreturn await Promise.all([a, rest]);',
    'for await (const each of [1]) { if (each) continue; }\nreturn /(?<year>\\d{4})/v.exec("2025")?.groups?.year ?? null // no end of line',
    'class Count { #n = 0; static { this.made = true; } up() { return ++this.#n; } }\nreturn new Count().up() ** 2;',
    'return new.target === undefined && arguments.length === 0;',
    `label: for (;;) break label;\nreturn \`a\${1_000n}\``,
    '// only a comment',
  ])('%j is not', (code) => {
    expect(mistakes(code)).toEqual([]);
  });

  it('what is nested too deep to be read is left to the sandbox', () => {
    for (const deep of ['(', '[', '!']) expect(mistakes(`return ${deep.repeat(100_000)}`)).toEqual([]);
  });
});
