/** The language of expressions: what it means, what it refuses, and that it never runs long. */
import { celWords, FailureError, isPortName, refusedKeys, type Json, type JsonObject } from '@switchyard/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionError, expressionVariables, parseExpression, templateVariables } from './expression.ts';
import { errorOf, failureOf, quickly } from './expression/testing.ts';

const evaluate = (text: string, values: JsonObject = {}): Json => parseExpression(text).evaluate(values);

describe('values', () => {
  it.each<[string, JsonObject, Json]>([
    ['n + 1', { n: 3 }, 4],
    ['1 + n', { n: 0.5 }, 1.5],
    ['10 - n * 2', { n: 3 }, 4],
    ['n / 2', { n: 7 }, 3.5],
    ['7 / 2', {}, 3],
    ['n % 2 == 1', { n: 7 }, true],
    ['n == 7 && 7 == n && n != 8', { n: 7 }, true],
    ['3 == 3.0', {}, true],
    ['n >= 7 && n < 8', { n: 7 }, true],
    ['n in [7, 8]', { n: 7 }, true],
    ['size(rows) == n', { rows: [1, 2], n: 2 }, true],
    ['rows[0].name', { rows: [{ name: 'a' }] }, 'a'],
    ['rows[i]', { rows: ['a', 'b'], i: 1 }, 'b'],
    [
      'rows.filter(r, r.total > limit).map(r, r.id)',
      {
        rows: [
          { id: 1, total: 5 },
          { id: 2, total: 50 },
        ],
        limit: 10,
      },
      [2],
    ],
    ['names.join(", ")', { names: ['a', 'b'] }, 'a, b'],
    ['has(o.missing) || o.kept == null', { o: { kept: null } }, true],
    ['{"id": n, "tags": ["a", n]}', { n: 1 }, { id: 1, tags: ['a', 1] }],
    ['large ? "yes" : "no"', { large: false }, 'no'],
    ['int("42") + n', { n: 1 }, 43],
    ['string(n)', { n: 3 }, '3'],
    ['timestamp("2026-01-02T03:04:05Z")', {}, '2026-01-02T03:04:05.000Z'],
    ['duration("90m")', {}, '5400s'],
    ['cel.bind(total, a + b, total * total)', { a: 1, b: 2 }, 9],
  ])('%s', (text, values, expected) => expect(evaluate(text, values)).toEqual(expected));

  it('gives a value of its own, never an alias of what came in', () => {
    const rows = [{ id: 1 }];
    const result = evaluate('{"all": rows, "first": rows[0]}', { rows }) as { all: JsonObject[]; first: JsonObject };
    expect(result).toEqual({ all: [{ id: 1 }], first: { id: 1 } });
    (result.all[0] as JsonObject).id = 2;
    result.first.id = 3;
    expect(rows).toEqual([{ id: 1 }]);
    expect(evaluate('rows', { rows })).not.toBe(rows);
  });

  it('gives any JSON back as it came', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value)) as Json;
        expect(JSON.stringify(evaluate('x', { x: json }))).toBe(JSON.stringify(json));
      }),
      { numRuns: 200 },
    );
  });

  it('reaches no prototype', () => {
    for (const text of ['x.constructor', 'x.__proto__', 'x["constructor"]', 'x.toString', 's.constructor', 'toString', 'l.length']) {
      const message = failureOf(() => evaluate(text, { x: {}, l: [], s: '' })).message;
      expect(message).toMatch(/no such key|no value arrived/i);
    }
    const hostile = JSON.parse('{"__proto__": {"isAdmin": true}}') as JsonObject;
    expect(failureOf(() => evaluate('x.isAdmin', { x: hostile })).message).toMatch(/No such key/);
    expect(({} as JsonObject).isAdmin).toBeUndefined();
    expect((evaluate('x', { x: hostile }) as JsonObject).isAdmin).toBeUndefined();
  });
});

describe('variables', () => {
  it.each<[string, string[]]>([
    ['a + b.c + a', ['a', 'b']],
    ['rows.map(row, row.total * factor)', ['rows', 'factor']],
    ['row.x + rows.map(row, row.x)[0]', ['row', 'rows']],
    ['a.all(x, b.exists(y, x == y && z))', ['a', 'b', 'z']],
    ['x.filter(x, x > 1)', ['x']],
    ['cel.bind(t, t, t + u)', ['t', 'u']],
    ['type(v) == int', ['v']],
    ['[a, {"k": b, c: 1}][i]', ['a', 'b', 'c', 'i']],
    ['map.filter(size, true)', []],
  ])('of %s', (text, expected) => expect(expressionVariables(text)).toEqual(expected));

  it('are none where the text does not parse', () => {
    expect(expressionVariables('a +')).toEqual([]);
    expect(templateVariables('{{ a')).toEqual([]);
  });

  it('are every name that a port may have', () => {
    const names = fc.oneof(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,12}$/), fc.constantFrom(...celWords, ...refusedKeys, 'yes', 'value', 'name'));
    fc.assert(
      fc.property(names, (name) => {
        fc.pre(isPortName(name));
        expect(parseExpression(name).variables).toEqual([name]);
        expect(evaluate(name, { [name]: 42 })).toBe(42);
      }),
      { numRuns: 500 },
    );
  });

  it('that are absent fail the evaluation by name, before anything is evaluated', () => {
    const failed = failureOf(() => evaluate('true || customer.isNew'));
    expect(failed).toMatchObject({ code: 'expression-failed', retry: 'never' });
    expect(failed.message).toContain('"customer"');
  });
});

describe('mistakes', () => {
  it.each<[string, RegExp, number]>([
    ['a b', /at character 3/, 2],
    ['a +\n  * b', /line 2, column 3/, 6],
    ['nope(1)', /no matching overload/i, 0],
    ['"a" + 1', /no such overload/i, 0],
    ['a.matches("x")', /matches\(\) is not available.*contains\(\)/, 0],
    ['[1].map(x, x.matches("y"))', /matches\(\) is not available/, 11],
    ['b"{}".json()', /json\(\) is not available/, 0],
    ['  ', /empty/, 0],
    ['type', /"type" is a word of the expression language/, 0],
    ['n + list', /"list" is a word of the expression language/, 4],
  ])('%s', (text, message, start) => {
    const error = errorOf(() => parseExpression(text));
    expect(error.message).toMatch(message);
    expect(error.start).toBe(start);
  });

  it.each<[string, JsonObject, RegExp]>([
    ['o.x.y', { o: { x: null } }, /No such key: y/],
    ['l[3]', { l: [1] }, /out of bounds/],
    ['1.0 / n', { n: 0 }, /not a finite number/],
    ['9223372036854775807 - 1', {}, /too large to be exact/],
    ['b"abc"', {}, /no JSON values/],
    ['type(n)', { n: 1 }, /no JSON values/],
    ['n + "a"', { n: 1 }, /no such overload/],
  ])('of values: %s', (text, values, message) => {
    const failed = failureOf(() => evaluate(text, values));
    expect(failed.code).toBe('expression-failed');
    expect(failed.message).toMatch(message);
  });
});

describe('time', () => {
  const list = Array.from({ length: 1_000 }, (_, index) => index);

  it('a pattern that would run for hours is refused before it runs', () => {
    quickly(() => expect(() => evaluate('a.matches("^(a+)+$")', { a: `${'a'.repeat(27)}!` })).toThrow(ExpressionError));
  });

  it.each([
    'l.map(a, l.map(b, l.map(c, a + b + c)))',
    'l.all(a, l.all(b, l.all(c, a + b + c >= 0)))',
    'l.exists(a, l.exists(b, l.exists(c, a.x)))',
    'l.exists(a, l.exists(b, l.exists(c, a.x))) || true',
    'l.map(a, l.map(b, l.map(c, d.e || d.f)))',
    'l.map(a, l.filter(b, l == k))',
    'l.map(a, l.map(b, l + l))',
    `${'cel.bind(l, l + l, '.repeat(40)}l${')'.repeat(40)}`,
    `${'cel.bind(s, s + s, '.repeat(45)}s${')'.repeat(45)}`,
    'l.map(a, l.map(b, l))',
    'l.map(a, l.map(b, s.split("")))',
    'l.map(a, l.map(b, timestamp(t).getHours("Europe/Paris")))',
  ])('nested loops and doubling end in a failure (%#)', (text) => {
    const values = { l: list, k: [...list.slice(1), -1], s: 'x'.repeat(2_000), t: '2026-01-01T00:00:00Z', d: {} };
    const failed = quickly(() => failureOf(() => evaluate(text, values)));
    expect(failed.message).toMatch(/more steps than one may take|No such key|no such key/i);
  });

  it('loops deeper than four are refused', () => {
    expect(errorOf(() => parseExpression('l.map(a, l.map(b, l.map(c, l.map(d, l.map(e, e)))))')).message).toMatch(/deeper than 4/);
    expect(parseExpression('l.map(a, a).map(b, b).map(c, c).map(d, d).map(e, e)').variables).toEqual(['l']);
  });

  it('20,000 terms, 200 brackets and 9,000 signs are refused, not a broken stack', () => {
    for (const text of [
      Array(20_000).fill('1').join('+'),
      Array(3_000).fill('a').join('+'),
      `${'('.repeat(200)}1${')'.repeat(200)}`,
      `${'!'.repeat(9_000)}true`,
      `${'-'.repeat(9_000)}1`,
      `a${'.b'.repeat(4_000)}`,
    ]) {
      quickly(() => expect(() => parseExpression(text)).toThrow(ExpressionError));
    }
    expect(evaluate(Array(900).fill('n').join(' + '), { n: 1 })).toBe(900);
  });

  it('real work fits: ten thousand rows filtered, mapped and counted', () => {
    const rows = Array.from({ length: 10_000 }, (_, id) => ({ id, total: id % 100, name: `row ${id}` }));
    expect(evaluate('size(rows.filter(r, r.total > 50 && r.name.startsWith("row")).map(r, r.id))', { rows })).toBe(4_900);
    expect(evaluate('rows', { rows })).toHaveLength(10_000);
  });

  it('any text ends quickly, in a value or in one of the two errors', () => {
    const token = fc.constantFrom(
      'a',
      'b',
      'l',
      '1',
      '2.5',
      '"s"',
      ' + ',
      ' == ',
      ' && ',
      '(',
      ')',
      '[',
      ']',
      '.map(x, ',
      '.filter(y, ',
      '.size()',
      ', ',
      '{',
      '}',
      ': ',
      '?',
      'x',
      'null',
      ' in ',
      '-',
      '!',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 40 }), (tokens) => {
        try {
          evaluate(tokens.join(''), { a: 1, b: 'text', l: list, x: 1 });
        } catch (error) {
          expect(error instanceof ExpressionError || error instanceof FailureError).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
