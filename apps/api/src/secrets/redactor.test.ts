/** Redaction: no form of a secret gets through, and nothing else is touched. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, mask } from './redactor.ts';

const secret = fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }).filter((text) => text.trim().length > 7 && text.isWellFormed());
const around = fc.string({ maxLength: 12 });

describe('redaction', () => {
  it('masks raw, JSON-escaped and URL-encoded forms wherever they stand', () => {
    fc.assert(
      fc.property(secret, around, around, (text, before, after) => {
        const redact = createRedactor([text]);
        for (const form of [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), new URLSearchParams({ a: text }).toString().slice(2)]) {
          expect(redact({ list: [`${before}${form}${after}`] }).list[0]).not.toContain(form);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('masks base64 at any alignment', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 16, maxLength: 40 }), fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), (text, before, after) => {
        for (const encoding of ['base64', 'base64url'] as const) {
          const encoded = Buffer.from(`${before}${text}${after}`).toString(encoding);
          const masked = createRedactor([text])(`authorization: Basic ${encoded}`);
          expect(masked).toContain(mask);
          const rest = masked.replace('authorization: Basic ', '').replaceAll(mask, '');
          expect(rest.length).toBeLessThan(encoded.length - 12);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('masks the longer of two secrets that overlap, and keys too', () => {
    expect(createRedactor(['abcdef', 'abcdefghij'])({ 'x-abcdefghij': ['abcdefghij abcdef'] })).toEqual({ [`x-${mask}`]: [`${mask} ${mask}`] });
  });

  it('gives values without secrets back as they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(createRedactor(['\u0001never-there\u0001'])(value)).toBe(value);
        expect(createRedactor([])(value)).toBe(value);
      }),
    );
  });

  it('leaves out what is too short to be told from other text', () => {
    expect(createRedactor(['', 'abc'])('abc and more abc')).toBe('abc and more abc');
  });
});
