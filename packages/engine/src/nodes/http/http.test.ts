/** The kind `http` as a step on a real server, and as tools of a control node. */
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { JsonObject, Schema } from '@switchyard/shared';
import { afterEach, describe, expect, test } from 'vitest';
import { RoomBench } from '../../testing/room-bench.ts';

let bench = new RoomBench('http');
afterEach(async () => {
  await bench.close();
  bench = new RoomBench('http');
});

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

async function echo(): Promise<Seen[]> {
  const seen: Seen[] = [];
  const baseUrl = await bench.serve((incoming, answer) => {
    void text(incoming).then((body) => {
      seen.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
      answer.setHeader('content-type', 'application/json').end(JSON.stringify({ asked: incoming.url }));
    });
  });
  bench.connections.api = { type: 'http', baseUrl: `${baseUrl}/v1` };
  return seen;
}

describe('http as a step', () => {
  const operation = {
    name: 'send',
    method: 'POST',
    path: '/people/{{person.id}}/mail',
    query: { copy: '{{copy}}', tag: 'x-{{tag}}' },
    headers: { 'x-trace': '{{trace}}' },
    body: { to: '{{people}}', count: '{{size(people)}}', text: 'Dear {{person.name}}', list: [1, '{{tag}}', null] },
  };

  test('fills every template as its place asks', async () => {
    const seen = await echo();
    const config = { connection: 'api', operations: [operation] };
    expect(Object.keys(bench.ports(config).inputs)).toEqual(['person', 'copy', 'tag', 'trace', 'people']);
    const inputs = { person: { id: 'a b/é?#', name: 'Ada' }, copy: null, tag: 'a&b', trace: 't', people: ['x', 'y'] };
    const refused = await bench.runStep(config, inputs);
    expect(refused.failure).toMatchObject({ code: 'request-invalid' });
    expect(seen).toEqual([]);
    const { outputs } = await bench.runStep(config, { ...inputs, person: { id: 'a bé?#', name: 'Ada' } });
    expect(outputs).toMatchObject({ status: 200 });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v1/people/a%20b%C3%A9%3F%23/mail?tag=x-a%26b', headers: { 'x-trace': 't' } });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ to: ['x', 'y'], count: 2, text: 'Dear Ada', list: [1, 'a&b', null] });
  });

  test.each(['..', '.', '', '../admin', '%2e%2e', '/', '\\', 'a/b', '..;'])('the value %j cannot lead to another path', async (parcel) => {
    const seen = await echo();
    const config = { connection: 'api', operations: [{ name: 'track', path: '/parcels/{{parcel}}' }] };
    const { failure, outputs } = await bench.runStep(config, { parcel });
    if (failure) expect(failure.code).toBe('request-invalid');
    else expect(outputs.body).toEqual({ asked: `/v1/parcels/${encodeURIComponent(parcel)}` });
    for (const { url } of seen) expect(url).toMatch(/^\/v1\/parcels\/[^/]+$/);
  });

  test('a path may hold a query, and be encoded by its author', async () => {
    const seen = await echo();
    await bench.runStep({ connection: 'api', operations: [{ name: 'find', path: '/a b/c%20d/é?q={{q}}&n=1' }] }, { q: 'x&y' });
    expect(seen[0]?.url).toBe('/v1/a%20b/c%20d/%C3%A9?q=x%26y&n=1');
  });

  test('says which operation runs', async () => {
    const seen = await echo();
    const operations = [
      { name: 'a', path: '/a' },
      { name: 'b', path: '/b' },
    ];
    expect((await bench.runStep({ connection: 'api', operations, operation: 'b' }, {})).outputs).toEqual({ status: 200, body: { asked: '/v1/b' } });
    expect(seen).toHaveLength(1);
  });
});

describe('http as tools', () => {
  test('parameters are its free variables, text unless told; what it does follows from its method', () => {
    const output: Schema = { type: 'object', properties: { place: { type: 'string' } } };
    const operations = bench.operations({
      connection: 'api',
      operations: [
        {
          name: 'track',
          description: 'Where a parcel is',
          path: '/parcels/{{parcel}}',
          query: { depth: '{{depth}}' },
          params: { depth: { type: 'integer', default: 1 } },
          output,
        },
        { name: 'send', method: 'POST', path: '/parcels' },
        { name: 'find', method: 'POST', path: '/search', effect: 'read' },
        { name: 'put', method: 'PUT', path: '/parcels/{{id}}', idempotent: true },
      ],
    });
    expect(operations.map(({ name, effect, idempotent }) => [name, effect, idempotent])).toEqual([
      ['track', 'read', undefined],
      ['send', 'write', undefined],
      ['find', 'read', undefined],
      ['put', 'write', true],
    ]);
    expect(operations[0]).toMatchObject({
      description: 'Where a parcel is',
      input: {
        type: 'object',
        properties: { parcel: { type: 'string' }, depth: { type: 'integer', default: 1 } },
        required: ['parcel'],
        additionalProperties: false,
      },
      output: { properties: { status: { type: 'integer' }, body: output } },
    });
    expect(operations[1]?.description).toBe('POST /parcels');
  });

  test.each<[JsonObject, string[]]>([
    [{ operations: [{ name: 'a', path: '/a/{{b}}' }] }, []],
    [{ operations: [{ name: 'a', path: 'a' }] }, ['must begin with "/"']],
    [{ operations: [{ name: 'a', path: '//evil' }] }, ['must stay below']],
    [{ operations: [{ name: 'a', path: '/a/../b' }] }, ['must stay below']],
    [{ operations: [{ name: 'a', path: '/a', body: 1 }] }, ['takes no body']],
    [{ operations: [{ name: 'a', path: '/a', method: 'POST', body: { b: ['{{ c'] } }] }, ['In the body of operation "a"']],
    [{ operations: [{ name: 'a', path: '/a', params: { b: {} } }] }, ['no hole of it has {{b}}']],
    [
      {
        operations: [
          { name: 'a', path: '/a' },
          { name: 'a', path: '/b' },
        ],
      },
      ['Two operations are named "a"'],
    ],
    [{ operations: [{ name: 'a', path: '/a' }], operation: 'b' }, ['There is no operation "b"']],
  ])('mistakes: %j', (config, expected) => {
    const problems = bench.problems({ connection: 'api', ...config });
    expect(problems).toHaveLength(expected.length);
    for (const [index, part] of expected.entries()) expect(problems[index]).toContain(part);
  });

  test('its summary says what it is set to', () => {
    expect(bench.summary({ connection: 'api', operations: [{ name: 'a', path: '/parcels/{{ parcel.id }}' }] })).toBe('GET /parcels/{…}');
    expect(
      bench.summary({
        connection: 'api',
        operations: [
          { name: 'a', path: '/a' },
          { name: 'b', path: '/b' },
        ],
      }),
    ).toBe('api · a, b');
    expect(bench.summary({ connection: 'api' })).toBe('api · no operations yet');
  });
});
