/** Secrets are masked wherever and however they are written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor, createTextRedactor } from './redact.ts';

const secret = 'p@ss "word"/+\\é!';
const redact = createRedactor([secret, 'sk-live-1234567890', 'short', '']);

describe('createRedactor', () => {
  test.each<[string, string]>([
    ['raw', `before ${secret} after`],
    ['JSON-escaped', JSON.stringify({ a: secret })],
    ['JSON within JSON', JSON.stringify({ a: JSON.stringify({ b: secret }) })],
    ['JSON with escaped slashes', JSON.stringify(secret).replaceAll('/', '\\/')],
    ['percent-encoded', `?key=${encodeURIComponent(secret)}&b`],
    ['percent-encoded in lower case', encodeURIComponent(secret).toLowerCase()],
    ['as a URL', encodeURI(`http://x/${secret}`)],
    ['as a form', new URLSearchParams({ a: secret }).toString()],
    ['base64', Buffer.from(secret).toString('base64')],
    ['base64url', Buffer.from(secret).toString('base64url')],
    ['basic credentials', Buffer.from(`user:${secret}`).toString('base64')],
    ['basic credentials of another length', Buffer.from(`users:${secret}`).toString('base64')],
    ['base64 with text after', Buffer.from(`ab${secret}cdef`).toString('base64')],
  ])('%s', (_, text) => {
    const masked = redact(text);
    expect(masked).toContain('[secret]');
    const plain = [masked, decodeURIComponent(masked.replaceAll('%%', '')), Buffer.from(masked.replace('[secret]', ''), 'base64').toString()];
    for (const form of plain) expect(form).not.toContain('ss "word');
  });

  test('at any depth, in keys too, leaving the rest as it is', () => {
    const untouched = { a: [1, null, 'x'] };
    const value = { list: [{ deep: `k=${secret}` }], untouched, [secret]: true };
    const masked = redact(value) as typeof value;
    expect(masked).toEqual({ list: [{ deep: 'k=[secret]' }], untouched, '[secret]': true });
    expect(masked.untouched).toBe(untouched);
    expect(value.list[0]?.deep).toContain(secret);
  });

  test('gives the same value where there is nothing to mask', () => {
    const value = { a: [1, 'short', { b: 'nothing here' }], c: undefined };
    expect(redact(value)).toBe(value);
    expect(createRedactor(['abc', ''])(value)).toBe(value);
    expect(redact(5)).toBe(5);
    expect(redact(undefined)).toBe(undefined);
  });

  test('masks the longer of two secrets that begin alike', () => {
    expect(createRedactor(['abcdef', 'abcdefghi'])('x abcdefghi y')).toBe('x [secret] y');
  });

  test('keeps keys that mean something to JavaScript as data', () => {
    const masked = redact(JSON.parse(`{"__proto__": ${JSON.stringify(secret)}}`) as object);
    expect(Object.keys(masked)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(masked)).toBe(Object.prototype);
  });

  test('any secret in any text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6, maxLength: 40 }), fc.string(), fc.string(), (value, before, after) => {
        const masked = createRedactor([value])(before + value + after);
        return masked.includes('[secret]') && (value === masked || '[secret]'.includes(value) || !masked.replaceAll('[secret]', '\u0000').includes(value));
      }),
    );
  });
});

describe('createTextRedactor', () => {
  const through = (secrets: string[], pieces: string[]) => {
    const redactor = createTextRedactor(secrets);
    return pieces.map((piece) => redactor.push(piece)).concat(redactor.end());
  };

  test('masks a secret that is cut across pieces', () => {
    expect(through(['sk-live-123'], ['key sk-', 'live', '-123 is it'])).toEqual(['key ', '', '[secret] is it', '']);
  });

  test('tells text at once that cannot begin a secret, and the rest at the end', () => {
    expect(through(['sk-live-123'], ['all is', ' well s', 'k-l'])).toEqual(['all i', 's well ', '', 'sk-l']);
    expect(through([], ['a', 'b'])).toEqual(['a', 'b', '']);
  });

  test('waits for the longer of two secrets that begin alike', () => {
    expect(through(['abcdef', 'abcdefghi'], ['abcdef', 'ghi!']).join('')).toBe('[secret]!');
    expect(through(['abcdef', 'abcdefghi'], ['abcdef', 'xyz']).join('')).toBe('[secret]xyz');
    expect(through(['abcdef', 'abcdefghi'], ['abcdef']).join('')).toBe('[secret]');
  });

  test('cut anywhere, gives what the whole text would give', () => {
    const letters = fc.constantFrom('a', 'b', 'ab', 'aba');
    const text = fc.array(letters, { maxLength: 60 }).map((parts) => parts.join(''));
    const secrets = fc.array(
      fc.array(letters, { minLength: 6, maxLength: 8 }).map((parts) => parts.join('')),
      { minLength: 1, maxLength: 2 },
    );
    fc.assert(
      fc.property(secrets, text, fc.array(fc.nat(80), { maxLength: 6 }), (values, whole, cuts) => {
        const at = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
        const pieces = at.slice(1).map((end, index) => whole.slice(at[index], end));
        expect(through(values, pieces).join('')).toBe(createRedactor(values)(whole));
      }),
      { numRuns: 2_000 },
    );
  });
});
