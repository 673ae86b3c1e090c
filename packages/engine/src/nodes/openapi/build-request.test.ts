/** What is sent is what a server reads back: of a query, of forms in each style, of a form in parts, through a real server. */
import { parse as parseQuery } from 'node:querystring';
import fc from 'fast-check';
import type { DescribedBody, DescribedOperation, FetchRequest, Json, JsonObject, ValueStyle } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiBench, type Api } from '../../adapters/testing/api-bench.ts';
import { buildRequest } from './build-request.ts';

const bench = new ApiBench();
let api: Api;
beforeAll(async () => {
  api = await bench.api((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { url = '', headers } = incoming;
      const echo = { url, type: headers['content-type'] ?? '', trace: headers['x-trace'] ?? '', body: Buffer.concat(chunks).toString('base64') };
      answer.setHeader('content-type', 'application/json').end(JSON.stringify(echo));
    });
  });
});
afterAll(() => bench.close());

interface Echo {
  url: string;
  type: string;
  trace: string;
  body: string;
}

function operation(more: Partial<DescribedOperation>): DescribedOperation {
  return { name: 'op', description: '', method: 'POST', path: '/x', tags: [], effect: 'write', parameters: [], input: {}, ...more };
}

async function sent(about: Partial<DescribedOperation>, args: JsonObject): Promise<Echo> {
  const request: Omit<FetchRequest, 'connection'> = buildRequest(operation(about), args);
  return (await api.fetch(request, { effect: 'write' })).body as unknown as Echo;
}

const bytesOf = ({ body }: Echo) => Buffer.from(body, 'base64');

/** As PHP and qs read brackets: the independent reading that the writing is held against. */
function readBrackets(pairs: Iterable<[string, string]>): Json {
  const root: JsonObject = {};
  for (const [key, text] of pairs) {
    const path = [...key.matchAll(/^[^[]+|\[([^\]]*)\]/g)].map((match) => match[1] ?? match[0]);
    let at: JsonObject = root;
    path.forEach((part, index) => {
      const step = part === '' ? String(Object.keys(at).length) : part;
      const isLast = index === path.length - 1;
      at[step] = isLast ? text : (at[step] ?? {});
      if (!isLast) at = at[step] as JsonObject;
    });
  }
  return listed(root);
}

/** Objects whose keys count from 0 are the lists that they stand for. */
function listed(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  const each = Object.entries(value).map(([key, inner]): [string, Json] => [key, listed(inner)]);
  return keys.length > 0 && keys.every((key, index) => key === String(index)) ? each.map(([, inner]) => inner) : Object.fromEntries(each);
}

/** What a form can say of a value: every leaf a text, and nothing of what is null or has nothing in it. */
function sayable(value: Json): Json | undefined {
  if (value === null) return undefined;
  if (typeof value !== 'object') return String(value);
  const items = (Array.isArray(value) ? value.map((item): [string, Json] => ['', item]) : Object.entries(value)).flatMap(([key, item]) => {
    const said = sayable(item);
    return said === undefined ? [] : [[key, said] as const];
  });
  if (items.length === 0) return undefined;
  return Array.isArray(value) ? items.map(([, item]) => item) : Object.fromEntries(items);
}

const text = fc.oneof(fc.constantFrom('a&b=c', 'ä ö+%', '[x]', '"quoted"', 'line\nbreak', '', '😀', ','), fc.string({ unit: 'grapheme', maxLength: 8 }));
const plain = fc.oneof(text, fc.integer(), fc.boolean());
const field = fc.constantFrom('amount', 'items', 'metadata', 'with space', 'ünï', 'a.b');
const nested = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    plain,
    fc.array(plain, { maxLength: 3 }),
    fc.dictionary(field, tie('value'), { maxKeys: 3 }),
    fc.array(fc.dictionary(field, plain, { minKeys: 1, maxKeys: 2 }), { maxLength: 3 }),
  ),
})).value;

const form = (styles?: Record<string, ValueStyle>): { body: DescribedBody } => ({
  body: { as: 'form', type: 'application/x-www-form-urlencoded', ...(styles && { styles }) },
});
const settings = { numRuns: 60 };

describe('a form', () => {
  test('in brackets is read back as it was given', async () => {
    const styles = Object.fromEntries(['amount', 'items', 'metadata', 'with space', 'ünï', 'a.b'].map((name): [string, ValueStyle] => [name, 'brackets']));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(field, nested, { maxKeys: 4 }), async (body) => {
        const echo = await sent(form(styles), { body });
        expect(echo.type).toBe('application/x-www-form-urlencoded');
        expect(readBrackets(new URLSearchParams(bytesOf(echo).toString()))).toEqual(sayable(body) ?? {});
      }),
      settings,
    );
  });

  test('without styles repeats the name for a list', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(field, fc.array(text, { minLength: 1, maxLength: 4 }), { maxKeys: 3 }), async (body) => {
        const read = parseQuery(bytesOf(await sent(form(), { body })).toString());
        expect(Object.fromEntries(Object.entries(read).map(([name, value]) => [name, [value].flat()]))).toEqual(body);
      }),
      settings,
    );
  });

  test.each([
    ['comma', ','],
    ['space', ' '],
    ['pipe', '|'],
  ] as const)('by %s is one text', async (style, separator) => {
    const read = new URLSearchParams(bytesOf(await sent(form({ tags: style }), { body: { tags: ['a', 'b c', 3], other: 1 } })).toString());
    expect([read.get('tags'), read.get('other')]).toEqual([['a', 'b c', '3'].join(separator), '1']);
  });

  test('holds JSON where it says so', async () => {
    const read = new URLSearchParams(bytesOf(await sent(form({ filter: 'json' }), { body: { filter: { a: [1, null] } } })).toString());
    expect(JSON.parse(read.get('filter') ?? '')).toEqual({ a: [1, null] });
  });

  test('as a payment service takes it', async () => {
    const styles: Record<string, ValueStyle> = { items: 'brackets', metadata: 'brackets', expand: 'brackets' };
    const body = {
      amount: 2000,
      items: [{ price: 'p1', quantity: 2 }, { price: 'p2' }],
      metadata: { order: '7' },
      expand: ['customer', 'invoice'],
      description: '',
    };
    expect(decodeURIComponent(bytesOf(await sent(form(styles), { body })).toString())).toBe(
      'amount=2000&items[0][price]=p1&items[0][quantity]=2&items[1][price]=p2&metadata[order]=7&expand[]=customer&expand[]=invoice&description=',
    );
  });
});

describe('a form in parts', () => {
  const multipart = { body: { as: 'multipart', type: 'multipart/form-data' } } as const;

  test('is read back as it was given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(field, fc.oneof(plain, fc.array(text, { minLength: 1, maxLength: 3 })), { minKeys: 1, maxKeys: 4 }), async (body) => {
        const echo = await sent(multipart, { body });
        const read = await new Response(bytesOf(echo), { headers: { 'content-type': echo.type } }).formData();
        for (const [name, value] of Object.entries(body)) expect(read.getAll(name)).toEqual([value].flat().map(String));
        expect([...new Set(read.keys())].sort()).toEqual(Object.keys(body).sort());
      }),
      settings,
    );
  });

  test('cannot be ended by what it holds, and says of objects that they are JSON', async () => {
    const body = { note: '--switchyard\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n--switchyard--', about: { a: 1 }, 'b"\r\nc': 1 };
    const echo = await sent(multipart, { body });
    const read = await new Response(bytesOf(echo), { headers: { 'content-type': echo.type } }).formData();
    expect(read.get('note')).toBe(body.note);
    expect(read.has('x')).toBe(false);
    expect(bytesOf(echo).toString()).toContain('name="about"\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n');
  });
});

test('a query is read back in each style', async () => {
  const parameters = (['repeat', 'comma', 'pipe', 'space', 'brackets', 'json'] as const).map(
    (style) => ({ property: style, name: style, in: 'query', style }) as const,
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'ü', '&', '=', '+', '%', '['), minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
      async (list) => {
        const { url } = await sent({ method: 'GET', parameters }, Object.fromEntries(parameters.map(({ property }) => [property, list])));
        const read = new URL(url, 'http://x').searchParams;
        expect(read.getAll('repeat')).toEqual(list);
        expect(read.get('comma')?.split(',')).toEqual(list);
        expect(read.get('pipe')?.split('|')).toEqual(list);
        expect(read.get('space')?.split(' ')).toEqual(list);
        expect(read.getAll('brackets[]')).toEqual(list);
        expect(JSON.parse(read.get('json') ?? '')).toEqual(list);
      },
    ),
    settings,
  );
  const { url } = await sent(
    { method: 'GET', parameters: [{ property: 'created', name: 'created', in: 'query', style: 'brackets' }] },
    { created: { gt: 5, lt: null } },
  );
  expect(decodeURIComponent(url)).toBe('/x?created[gt]=5');
});

test.each([
  [{ as: 'json', type: 'application/merge-patch+json' }, { a: null }, 'application/merge-patch+json', '{"a":null}'],
  [{ as: 'text', type: 'text/csv' }, 'a,b\n1,2', 'text/csv', 'a,b\n1,2'],
  [undefined, { a: 1 }, 'application/json', '{"a":1}'],
] as const)('a body of %j', async (body, value, type, written) => {
  const echo = await sent(body ? { body } : {}, { body: value });
  expect([echo.type, bytesOf(echo).toString()]).toEqual([type, written]);
});

test('a path and a header hold lists by commas', async () => {
  const parameters: DescribedOperation['parameters'] = [
    { property: 'ids', name: 'ids', in: 'path' },
    { property: 'trace', name: 'X-Trace', in: 'header' },
  ];
  const echo = await sent({ path: '/x/{ids}', parameters }, { ids: [1, 'b c'], trace: ['t', 'u'] });
  expect([echo.url, echo.trace]).toEqual(['/x/1%2Cb%20c', 't,u']);
});
