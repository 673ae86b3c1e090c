/**
 * Joins a path to a connection's base URL so that nothing in the path can lead out of the base: no other origin, no parent folder, in no
 * spelling that some server might decode into one.
 */
import { FailureError, failure } from '@switchyard/shared';
import type { HttpTarget } from './perform-fetch.ts';

/** Where a request goes: an origin, and the path with its query. */
export interface RequestPlace {
  origin: string;
  path: string;
}

/** Nothing in it that a URL could read otherwise than it stands there. */
const plainPath = /^(?:\/[A-Za-z0-9_-]+)+$/;

/** The place of `requestUrl`, which is only asked where the path is not plain: to set a URL together and check it costs more than to send the request. */
export function requestPlace(target: Pick<HttpTarget, 'connection' | 'baseUrl'>, path: string, query?: Readonly<Record<string, string>>): RequestPlace {
  if (query === undefined && plainPath.test(path)) {
    const { origin, path: basePath, hasSearch } = parseBase(target);
    if (!hasSearch) return { origin, path: basePath + path };
  }
  const { origin, pathname, search } = requestUrl(target, path, query);
  return { origin, path: pathname + search };
}

/** Throws `request-invalid` for a path that is not plainly below the base, `connection-invalid` for a base that is no place to join to. */
export function requestUrl(target: Pick<HttpTarget, 'connection' | 'baseUrl'>, path: string, query: Readonly<Record<string, string>> = {}): URL {
  const { url: base, path: basePath } = parseBase(target);
  const mark = path.indexOf('?');
  const pathname = mark < 0 ? path : path.slice(0, mark);
  const why = refusalOf(pathname) ?? (path.includes('#') ? 'has a fragment (#)' : undefined);
  if (why) throw invalid(path, why);
  const url = new URL(base);
  url.pathname = basePath + pathname;
  if (url.origin !== base.origin || !url.pathname.startsWith(`${basePath}/`)) throw invalid(path, 'does not stay below the base URL');
  if (mark >= 0) for (const [name, value] of new URLSearchParams(path.slice(mark + 1))) url.searchParams.append(name, value);
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
  return url;
}

interface Base {
  /** Not to be changed. */
  url: Readonly<URL>;
  origin: string;
  /** Without a closing slash. */
  path: string;
  hasSearch: boolean;
}

/** Base URLs found to be good, parsed; they are few, and parsing one costs as much as the rest. */
const parsedBases = new Map<string, Base>();
const mostParsedBases = 200;

function parseBase(target: Pick<HttpTarget, 'connection' | 'baseUrl'>): Base {
  const known = parsedBases.get(target.baseUrl);
  if (known) return known;
  const url = checkBase(target);
  const base = { url, origin: url.origin, path: url.pathname.replace(/\/+$/, ''), hasSearch: url.search !== '' };
  if (parsedBases.size >= mostParsedBases) parsedBases.clear();
  parsedBases.set(target.baseUrl, base);
  return base;
}

function checkBase({ connection, baseUrl }: Pick<HttpTarget, 'connection' | 'baseUrl'>): URL {
  const base = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const why = !base
    ? 'is no URL'
    : base.protocol !== 'http:' && base.protocol !== 'https:'
      ? 'is neither http nor https'
      : base.username !== '' || base.password !== ''
        ? 'holds a user name or password; put it in a header that names a secret'
        : base.hash !== ''
          ? 'has a fragment (#)'
          : base.hostname === '' || base.hostname.includes('%')
            ? 'has no plain host'
            : undefined;
  if (!base || why) throw new FailureError(failure('connection-invalid', `The base URL of connection "${connection}" ${why}. Correct it in the workspace.`));
  return base;
}

/** Why a path may not be sent; undefined where it may. */
function refusalOf(pathname: string): string | undefined {
  if (!pathname.startsWith('/')) return 'does not begin with "/"';
  if (pathname.includes('//')) return 'has an empty segment ("//")';
  let decoded = pathname;
  // A server, or a proxy before it, may decode more than once; five rounds are more than any does.
  for (let round = 0; round < 5; round += 1) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
    if (/[\\\x00-\x1f\x7f]/.test(decoded) || (round === 0 && decoded.includes(' '))) return 'has a backslash, a space or a control character';
    if (decoded.split('/').some((segment) => /^\.{1,2}$/.test(segment.split(';')[0] as string))) return 'has a "." or ".." segment';
    if (/%(2f|5c)/i.test(decoded)) return 'has an encoded slash or backslash';
    const next = decode(decoded);
    if (next === undefined) return round === 0 ? 'has a percent sign that encodes nothing' : undefined;
    if (next === decoded) return undefined;
    decoded = next;
  }
  return 'is percent-encoded many times over';
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function invalid(path: string, why: string): FailureError {
  return new FailureError(
    failure(
      'request-invalid',
      `The path ${JSON.stringify(path.slice(0, 200))} ${why}. A path stays below the base URL of its connection; give values without slashes, or pass them in the query.`,
    ),
  );
}
