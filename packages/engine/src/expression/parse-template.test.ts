/** Templates: holes, what is written of a value, and where mistakes are told. */
import type { JsonObject } from '@switchyard/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionError, parseTemplate, templateVariables } from '../expression.ts';
import { errorOf, failureOf, quickly } from './testing.ts';

describe('templates', () => {
  const render = (text: string, values: JsonObject = {}) => parseTemplate(text).render(values);

  it.each<[string, JsonObject, string]>([
    ['Dear {{name}}!', { name: 'Ada' }, 'Dear Ada!'],
    [
      '{{ n }} {{ items }} {{ o }} {{ flag }}[{{ nothing }}]',
      { n: 1.5, items: [1, 'a'], o: { a: null }, flag: true, nothing: null },
      '1.5 [1,"a"] {"a":null} true[]',
    ],
    ['{{"{{"}} and {{ "}}" }}', {}, '{{ and }}'],
    ['{{ {"a": {"b": n}} }}', { n: 1 }, '{"a":{"b":1}}'],
    ['{{ r"\\d" + \'}}\' + """"}}""" }}', {}, '\\d}}"}}'],
    ['a } b }} c { d', {}, 'a } b }} c { d'],
    ['', {}, ''],
    ['{{ rows.map(r, {"id": r.id}) }}', { rows: [{ id: 1 }] }, '[{"id":1}]'],
  ])('%s', (text, values, expected) => expect(render(text, values)).toBe(expected));

  it('never reads data as a template again', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('{{ 1 + 1 }}', '{{secret}}', '}}{{x', '{{"{{"}}'), (text, braces) => {
        const data = text + braces;
        expect(render('<{{ x }}>', { x: data, secret: 'no' })).toBe(`<${data}>`);
      }),
    );
  });

  it('names its variables once, in order', () => {
    expect(templateVariables('{{b}} {{a.map(x, x + b)}} {{c}}')).toEqual(['b', 'a', 'c']);
  });

  it.each<[string, RegExp, number]>([
    ['a {{ b', /no closing }}/, 2],
    ['a {{ }}', /nothing between/, 2],
    ['ab {{ x y }}', /In {{ x y }}: Unexpected/, 8],
    ['ab {{ x + }}', /^In {{ x \+ }}: Unexpected end at character 6\.$/, 10],
    ['ab {{ (x }}', /: Expected "\)", and not the end, at character \d\.$/, 9],
    ['{{ "x }}', /not closed/, 3],
    ['{{a}', /no closing }}/, 0],
    ['{{ x.matches("(a+)+") }}', /matches\(\) is not available/, 3],
  ])('tells where it is wrong: %s', (text, message, start) => {
    const error = errorOf(() => parseTemplate(text));
    expect(error.message).toMatch(message);
    expect(error.start).toBe(start);
  });

  it('names what is absent', () => {
    expect(failureOf(() => render('{{ parcel }}')).message).toContain('"parcel"');
  });

  it('a text that many long values make is refused before it is made', () => {
    const values = { a: 'x'.repeat(1_000_000), b: Array.from({ length: 50_000 }, () => [1, 2]) };
    for (const hole of ['{{a}}', '{{b}}']) {
      const error = failureOf(() => render(hole.repeat(900), values));
      expect([error.code, error.message]).toEqual(['expression-failed', expect.stringContaining('over 16 million characters') as string]);
    }
    expect(render('{{a}}'.repeat(15), values)).toHaveLength(15_000_000);
  });

  it('long texts and many holes are read quickly or refused', () => {
    quickly(() => expect(render(`${'x'.repeat(1_000_000)}{{n}}`, { n: 1 })).toHaveLength(1_000_001));
    quickly(() => expect(() => parseTemplate('{{n}} '.repeat(50_000))).toThrow(/more than 1000 holes/));
    quickly(() => expect(() => parseTemplate('{{'.repeat(100_000))).toThrow(ExpressionError));
  });
});
