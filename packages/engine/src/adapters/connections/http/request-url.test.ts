/** A path joined to a base URL stays below it, in whatever spelling. */
import { FailureError } from '@switchyard/shared';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestPlace, requestUrl } from './request-url.ts';

const target = (baseUrl: string) => ({ connection: 'api', baseUrl });

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof FailureError) return error.failure.code;
    throw error;
  }
}

describe('requestUrl', () => {
  test.each([
    ['http://127.0.0.1:4000', '/parcels/P-1', 'http://127.0.0.1:4000/parcels/P-1'],
    ['http://127.0.0.1:4000/', '/parcels/P-1', 'http://127.0.0.1:4000/parcels/P-1'],
    ['https://api.example.com/v1', '/', 'https://api.example.com/v1/'],
    ['https://api.example.com/v1/', '/a/b', 'https://api.example.com/v1/a/b'],
    ['https://api.example.com/v1', '/a%20b/100%25', 'https://api.example.com/v1/a%20b/100%25'],
    ['https://api.example.com/v1', '/caf%C3%A9/caf\u00e9', 'https://api.example.com/v1/caf%C3%A9/caf%C3%A9'],
    ['https://api.example.com/v1', '/search?q=a%26b&n=1', 'https://api.example.com/v1/search?q=a%26b&n=1'],
    ['https://api.example.com/v1?key=k', '/a', 'https://api.example.com/v1/a?key=k'],
    ['https://api.example.com', '/a.b/...c/..d', 'https://api.example.com/a.b/...c/..d'],
    ['https://api.example.com', '/@user:pass/x', 'https://api.example.com/@user:pass/x'],
  ])('%s and %s', (baseUrl, path, expected) => {
    expect(requestUrl(target(baseUrl), path).href).toBe(expected);
  });

  test('the query is added to the path’s and to the base’s', () => {
    const url = requestUrl(target('https://api.example.com/v1?key=k'), '/a?b=1', { c: '2 & 3', d: 'é' });
    expect([...url.searchParams]).toEqual([
      ['key', 'k'],
      ['b', '1'],
      ['c', '2 & 3'],
      ['d', 'é'],
    ]);
  });

  test.each([
    '',
    'parcels',
    '//evil.example.com/x',
    '/a//b',
    '/..',
    '/../admin',
    '/a/../../admin',
    '/a/./b',
    '/%2e%2e/admin',
    '/%2E%2E/admin',
    '/.%2e/admin',
    '/a/..%2fadmin',
    '/a%2f..%2fadmin',
    '/a%2fb',
    '/a%5cb',
    '/a%255cb',
    '/%252e%252e/x',
    '/%25252e%25252e/x',
    '/a%252fb',
    '/a\\b',
    '\\\\evil',
    '/\\evil',
    '/a b',
    '/a\tb',
    '/a\nb',
    '/a%0d%0aHost:evil',
    '/a%00',
    '/a\u0000',
    'http://evil.example.com/',
    'https:/evil',
    '@evil.example.com',
    '/a#b',
    '/a%zz',
    '/..;/admin',
    '/a/..;x=1/b',
    '?x=1',
  ])('%j is refused', (path) => {
    expect(codeOf(() => requestUrl(target('https://api.example.com/v1'), path))).toBe('request-invalid');
  });

  test.each(['ftp://api.example.com', 'https://user:hunter2@api.example.com', 'https://hunter2@api.example.com', 'https://api.example.com/#x', 'no url'])(
    'the base %s is refused, unsaid',
    (baseUrl) => {
      try {
        requestUrl(target(baseUrl), '/a');
        throw new Error('It was not refused');
      } catch (error) {
        expect((error as FailureError).failure.code).toBe('connection-invalid');
        expect((error as FailureError).message).not.toContain('hunter2');
      }
    },
  );

  const piece = fc.oneof(
    fc.constantFrom('..', '.', '/', '//', '\\', '%2e', '%2f', '%5c', '%25', '?', '#', '@', ':', 'http:', ';', ' ', '%', 'a', 'é', '\n'),
    fc.string({ maxLength: 3 }),
  );

  test('whatever the path, the request stays below the base or is refused', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        let url: URL;
        try {
          url = requestUrl(target('https://api.example.com/v1/base'), `/${pieces.join('')}`);
        } catch (error) {
          return (error as FailureError).failure?.code === 'request-invalid';
        }
        let decoded = url.pathname;
        for (let round = 0; round < 4; round += 1) {
          try {
            decoded = decodeURIComponent(decoded);
          } catch {
            break;
          }
        }
        const climbs = decoded.split(/[/\\]/).some((segment) => segment === '..' || segment === '.');
        return url.origin === 'https://api.example.com' && url.pathname.startsWith('/v1/base/') && !climbs;
      }),
      { numRuns: 2_000 },
    );
  });

  test('a value encoded into a segment arrives as one segment, or is refused', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (value) => {
        try {
          const url = requestUrl(target('https://api.example.com'), `/parcels/${encodeURIComponent(value.toWellFormed())}`);
          return url.pathname.split('/').length === 3;
        } catch (error) {
          return (error as FailureError).failure?.code === 'request-invalid';
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('the place of a request is that of its URL, whatever the path and base', () => {
    const base = fc.constantFrom('https://api.example.com', 'https://API.example.com:443/v1/', 'http://127.0.0.1:4000/a/b', 'https://api.example.com/v1?key=k');
    const path = fc.array(fc.oneof({ arbitrary: fc.stringMatching(/^\/[A-Za-z0-9_-]{1,5}$/), weight: 4 }, piece), { maxLength: 5 });
    fc.assert(
      fc.property(base, path, fc.option(fc.constant({ a: 'b c' }), { nil: undefined }), (baseUrl, pieces, query) => {
        const asked = [target(baseUrl), pieces.join(''), query] as const;
        const refused = codeOf(() => requestUrl(...asked));
        expect(codeOf(() => requestPlace(...asked))).toBe(refused);
        if (refused) return;
        const { origin, pathname, search } = requestUrl(...asked);
        expect(requestPlace(...asked)).toEqual({ origin, path: pathname + search });
      }),
      { numRuns: 2_000 },
    );
  });
});
