/**
 * A list that comes in pages, read as one.
 *
 * 1. Every page goes to the connection's origin, below its base path: a link that leads elsewhere is refused.
 * 2. Pages and bytes are bounded; what was left says `truncated`. A service that gives the same page again is a failure, not a long list.
 */
import { FailureError, failure, isJsonObject, type FetchRequest, type FetchResult, type Json, type Pagination } from '@switchyard/shared';
import { egressRefused } from '../../egress/index.ts';

const defaultPages = 20;
const mostPages = 200;
const maxBytes = 5_000_000;

interface Pages {
  what: string;
  baseUrl: string;
  /** One page; throws where its status is no success. */
  read(request: FetchRequest): Promise<FetchResult>;
}

interface Progress {
  page: FetchResult;
  items: number;
  count: number;
  asked: FetchRequest;
}

/** The first page's answer with the list of all. */
export async function readPages(request: FetchRequest & { pagination: Pagination }, { what, baseUrl, read }: Pages): Promise<FetchResult> {
  const { pagination, ...plain } = request;
  const most = Math.min(pagination.most ?? defaultPages, mostPages);
  const items: Json[] = [];
  let asked: FetchRequest = startOf(plain, pagination);
  let bytes = 0;
  let first: FetchResult | undefined;
  let last: string | undefined;
  for (let count = 1; ; count += 1) {
    const page = await read(asked);
    first ??= page;
    const list = listOf(page.body, pagination, what);
    const text = JSON.stringify(list);
    if (text === last && list.length > 0) throw repeated(what, pagination);
    last = text;
    bytes += text.length;
    if (bytes > maxBytes && count > 1) return merged(first, items, { pagination, truncated: true });
    items.push(...list);
    const next = nextOf({ page, items: items.length, count, asked }, pagination, { what, baseUrl });
    if (!next || (list.length === 0 && pagination.by !== 'link' && pagination.by !== 'cursor')) return merged(first, items, { pagination, truncated: false });
    if (count >= most) return merged(first, items, { pagination, truncated: true });
    asked = next;
  }
}

function startOf(plain: FetchRequest, { by, parameter, first = 1 }: Pagination): FetchRequest {
  return by === 'page' ? { ...plain, query: { [parameter ?? 'page']: String(first), ...plain.query } } : plain;
}

function nextOf({ page, items, count, asked }: Progress, pagination: Pagination, place: Omit<Pages, 'read'>): FetchRequest | undefined {
  const { by, parameter } = pagination;
  const withNumber = (name: string, value: string): FetchRequest => ({ ...asked, query: { ...asked.query, [name]: value } });
  if (by === 'page') return withNumber(parameter ?? 'page', String((pagination.first ?? 1) + count));
  if (by === 'offset') return withNumber(parameter ?? 'offset', String(items));
  if (by === 'cursor') {
    const cursor = at(page.body, pagination.cursor ?? 'cursor');
    if (cursor === undefined || cursor === null || cursor === '' || cursor === false) return undefined;
    if (typeof cursor !== 'string' && typeof cursor !== 'number') throw malformed(place.what, `a cursor at "${pagination.cursor ?? 'cursor'}" that is no text`);
    if (asked.query?.[parameter ?? 'cursor'] === String(cursor)) throw repeated(place.what, pagination);
    return withNumber(parameter ?? 'cursor', String(cursor));
  }
  const link = nextLink(page.headers.link);
  if (link === undefined) return undefined;
  const { query: _, ...bare } = asked;
  return { ...bare, path: pathBelow(link, asked, place) };
}

/** The target with `rel="next"` (RFC 8288). */
function nextLink(header: string | undefined): string | undefined {
  for (const [, target, parameters = ''] of (header ?? '').slice(0, 20_000).matchAll(/<([^<>]{0,4000})>([^<]{0,1000})/g))
    if (/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next\b)/i.test(parameters)) return target;
  return undefined;
}

/** The path of a link, as requests of this connection write it. */
function pathBelow(link: string, asked: FetchRequest, { baseUrl, what }: Omit<Pages, 'read'>): string {
  const base = new URL(baseUrl);
  const basePath = base.pathname.replace(/\/+$/, '');
  const current = `${base.origin}${basePath}${asked.path}`;
  const url = URL.canParse(link, current) ? new URL(link, current) : undefined;
  if (url?.origin !== base.origin || !`${url.pathname}/`.startsWith(`${basePath}/`))
    throw egressRefused(
      url ? url.origin + url.pathname : link.slice(0, 100),
      `${what} says that its next page is there, which is not below the base URL of the connection`,
    );
  // What stands in the query of the base is added to every request anyway.
  for (const name of base.searchParams.keys()) url.searchParams.delete(name);
  return (url.pathname.slice(basePath.length) || '/') + url.search;
}

function listOf(body: Json, { items }: Pagination, what: string): Json[] {
  const list = items === undefined || items === '' ? body : at(body, items);
  if (Array.isArray(list)) return list;
  throw malformed(what, items ? `no list at "${items}"` : 'what is no list. Say in its pagination where the list stands');
}

function at(body: Json, path: string): Json | undefined {
  let value: Json | undefined = body;
  for (const name of path.split('.')) value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

function merged(first: FetchResult, items: Json[], { pagination, truncated }: { pagination: Pagination; truncated: boolean }): FetchResult {
  return {
    ...first,
    body: pagination.items ? withList(first.body, pagination.items.split('.'), items) : items,
    ...(truncated && { truncated: true as const }),
  };
}

function withList(body: Json, [name, ...rest]: string[], items: Json[]): Json {
  if (name === undefined) return items;
  if (!isJsonObject(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, key === name ? withList(value, rest, items) : value]));
}

function repeated(what: string, { by, parameter }: Pagination): FailureError {
  const advice = by === 'link' ? '' : ` Check the parameter "${parameter ?? by}" of its pagination: the service seems to pass over it.`;
  return new FailureError(failure('pagination-invalid', `${what} gave the same page twice, so its list would have no end.${advice}`));
}

function malformed(what: string, found: string): FailureError {
  return new FailureError(failure('response-malformed', `${what} answered with ${found}.`));
}
