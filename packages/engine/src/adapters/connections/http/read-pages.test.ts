/** Lists in pages, by every way that tells where the next one is, against a real server. */
import { afterEach, expect, test } from 'vitest';
import { ApiBench } from '../../testing/api-bench.ts';
import { failureOf } from '../../testing/host-bench.ts';

let bench = new ApiBench();
afterEach(async () => {
  await bench.close();
  bench = new ApiBench();
});

const all = Array.from({ length: 7 }, (_, index) => ({ id: index }));

/** Seven items in pages of three, however the next is asked for. */
async function shop(linkTo: (baseUrl: string, start: number) => string = (baseUrl, start) => `${baseUrl}/v1/x?state=open&start=${start}`) {
  const api = await bench.api(
    (incoming, answer) => {
      const query = new URL(incoming.url ?? '', 'http://x').searchParams;
      const start = Number(query.get('start') ?? query.get('offset') ?? query.get('cursor') ?? (Number(query.get('page') ?? 1) - 1) * 3);
      const next = start + 3 < all.length ? start + 3 : null;
      if (next !== null) answer.setHeader('link', `<${api.baseUrl}/v1/x?start=0>; rel="first", <${linkTo(api.baseUrl, next)}>; rel="next"`);
      const items = all.slice(start, start + 3);
      answer.setHeader('content-type', 'application/json').end(JSON.stringify(query.has('bare') ? items : { data: { items }, meta: { next }, total: 7 }));
    },
    { path: '/v1' },
  );
  return api;
}

const urls = (seen: { url?: string | undefined }[]) => seen.map(({ url }) => url);

test.each([
  [{ by: 'link' }, ['/v1/x', '/v1/x?state=open&start=3', '/v1/x?state=open&start=6']],
  [{ by: 'cursor', cursor: 'meta.next' }, ['/v1/x', '/v1/x?cursor=3', '/v1/x?cursor=6']],
  [{ by: 'page' }, ['/v1/x?page=1', '/v1/x?page=2', '/v1/x?page=3', '/v1/x?page=4']],
  [{ by: 'offset' }, ['/v1/x', '/v1/x?offset=3', '/v1/x?offset=6', '/v1/x?offset=7']],
])('%j gives all as one list', async (pagination, asked) => {
  const { fetch, seen } = await shop();
  const result = await fetch({ pagination: { ...pagination, items: 'data.items' } });
  expect(result).toMatchObject({ status: 200, body: { data: { items: all }, total: 7 } });
  expect(result).not.toHaveProperty('truncated');
  expect(urls(seen)).toEqual(asked);
});

test('an answer that is itself the list', async () => {
  const { fetch } = await shop();
  expect((await fetch({ query: { bare: '1' }, pagination: { by: 'offset' } })).body).toEqual(all);
});

test('stops at its most pages and says so', async () => {
  const { fetch, seen } = await shop();
  expect(await fetch({ pagination: { by: 'link', items: 'data.items', most: 2 } })).toMatchObject({
    body: { data: { items: all.slice(0, 6) } },
    truncated: true,
  });
  expect(seen).toHaveLength(2);
});

test.each([
  ['another origin', () => 'http://169.254.169.254/v1/x'],
  ['another path', (baseUrl: string) => `${baseUrl}/admin`],
  ['a path beside', () => '/v10/x'],
])('a link to %s is refused', async (_, linkTo) => {
  const { fetch, seen } = await shop(linkTo);
  expect((await failureOf(fetch({ pagination: { by: 'link', items: 'data.items' } }))).code).toBe('egress-refused');
  expect(seen).toHaveLength(1);
});

test('a service that passes over the parameter, and a list that is elsewhere, are failures', async () => {
  const { fetch, seen } = await shop();
  expect(await failureOf(fetch({ pagination: { by: 'page', parameter: 'sheet', items: 'data.items' } }))).toMatchObject({ code: 'pagination-invalid' });
  expect(seen).toHaveLength(2);
  expect((await failureOf(fetch({ pagination: { by: 'link', items: 'rows' } }))).code).toBe('response-malformed');
  expect((await failureOf(fetch({ pagination: { by: 'link' } }, { effect: 'write' }))).code).toBe('request-invalid');
});

test('stops at 5 MB and says so', async () => {
  let page = 0;
  const { fetch } = await bench.api((_, answer) => {
    page += 1;
    answer.setHeader('content-type', 'application/json').end(JSON.stringify([String(page).padEnd(1_500_000, 'x')]));
  });
  const { body, truncated } = await fetch({ pagination: { by: 'page' } });
  expect([(body as unknown[]).length, truncated, page]).toEqual([3, true, 4]);
});
