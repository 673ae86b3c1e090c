/** Descriptions of every version become the same operations, whatever they refer to; their catalogues are bounded. */
import { isJsonObject, type ApiCatalogue, type Json, type JsonObject } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import { boundedSchema } from '../../../bounded-schema.ts';
import { validate } from '../../../schema.ts';
import { codeHostDescription } from '../../../testing/described/code-host.ts';
import { meshDescription } from '../../../testing/described/mesh.ts';
import { messagingDescription } from '../../../testing/described/messaging.ts';
import { paymentsDescription } from '../../../testing/described/payments.ts';
import { descriptionVersions, shopDescription } from '../../../testing/described/shop.ts';
import { yamlOf } from '../../../testing/described/yaml-of.ts';
import { catalogueOf } from './catalogue-of.ts';

function read(description: JsonObject | string): ApiCatalogue {
  return JSON.parse(catalogueOf(typeof description === 'string' ? description : JSON.stringify(description))) as ApiCatalogue;
}

/** What is wrong with these arguments. */
function misfits({ operations, schemas = {} }: ApiCatalogue, name: string, args: JsonObject): string[] {
  const operation = operations.find((each) => each.name === name);
  if (!operation)
    throw new Error(
      `No operation ${name} among ${operations
        .map((each) => each.name)
        .join(', ')
        .slice(0, 500)}`,
    );
  return validate(boundedSchema(operation.input, schemas, { most: 200_000, isSent: true, value: args }), args).map(
    ({ path, message }) => `${path}: ${message}`,
  );
}

describe.each(descriptionVersions)('version %s', (version) => {
  test('gives operations with their parameters, bodies and answers', () => {
    const { title, operations, schemas } = read(shopDescription(version, 60));
    expect([title, operations.length, new Set(operations.map(({ name }) => name)).size]).toEqual(['Shop', 240, 240]);
    const [list, add, get, remove] = operations;
    expect(list).toMatchObject({ name: 'listThing0', method: 'GET', path: '/things0', effect: 'read', tags: ['even'], output: { type: 'array' } });
    expect(list?.input).toMatchObject({
      properties: { limit: { type: 'integer', description: 'How many at most' }, state: { type: 'array', items: { type: 'string' } } },
      required: [],
    });
    expect(add).toMatchObject({
      name: 'addThing0',
      effect: 'write',
      input: { required: ['body'], properties: { body: { $ref: '#/schemas/Thing0' } } },
    });
    expect(get).toMatchObject({ name: 'get_things0_id', input: { required: ['id'], properties: { id: { type: 'string' }, X_Trace: { type: 'string' } } } });
    expect(remove).toMatchObject({ name: 'removeThing0', effect: 'write' });
    const text = JSON.stringify(operations);
    expect(Object.keys(schemas ?? {})).toHaveLength(61);
    expect(schemas?.Thing0).toMatchObject({
      properties: { id: { type: 'string' }, parent: { $ref: '#/schemas/Thing0' }, next: { $ref: '#/schemas/Thing1' }, far: {} },
    });
    expect(text + JSON.stringify(schemas)).not.toContain('169.254');
    for (const operation of operations) expect(JSON.stringify(operation).length).toBeLessThan(3_000);
  });
});

test('names that mean something to JavaScript stay data', () => {
  const text =
    '{"openapi":"3.1.0","paths":{"/a":{"get":{"operationId":"__proto__","parameters":[{"name":"__proto__","in":"query","schema":{"__proto__":{"x":1}}}]}}}}';
  const { operations } = read(text);
  expect(operations[0]).toMatchObject({ name: 'proto', parameters: [{ property: 'proto', name: '__proto__', in: 'query' }] });
  expect('x' in {}).toBe(false);
});

/** The same as JSON and as YAML. */
const writings: readonly [string, (description: JsonObject) => string][] = [
  ['JSON', (description) => JSON.stringify(description)],
  ['YAML', yamlOf],
];

describe.each(writings)('as %s', (_, write) => {
  test('a code host: shared parameters, nullable fields, forms of one another, what the server sets', () => {
    const catalogue = read(write(codeHostDescription({ resources: 3 })));
    expect(catalogue.operations.map(({ name }) => name).slice(0, 4)).toEqual(['repos_list_r0', 'repos_create_r0', 'repos_get_r0', 'repos_delete_r0']);
    expect(catalogue.operations[0]?.parameters).toEqual([
      { property: 'owner', name: 'owner', in: 'path' },
      { property: 'per_page', name: 'per_page', in: 'query' },
      { property: 'since', name: 'since', in: 'query' },
      { property: 'labels', name: 'labels', in: 'query', style: 'comma' },
    ]);
    const create = (body: JsonObject) => misfits(catalogue, 'repos_create_r0', { owner: 'o', body });
    expect(create({ title: 't', closed_at: null, labels: ['a', { name: 'b', color: null }], parent: { title: 'p' } })).toEqual([]);
    expect(create({ title: 't', owner: { login: 'x', kind: 'bot' } })).toEqual([]);
    expect(create({})).not.toEqual([]);
    expect(create({ title: 't', state: 'gone' })).not.toEqual([]);
    expect(create({ title: 't', settings: { a: 1 } })).not.toEqual([]);
    expect(create({ title: 't', owner: { login: 1 } })).not.toEqual([]);
  });

  test('a payment service: forms with brackets, fields that are unset by an empty text, a sibling of a reference, a file', () => {
    const catalogue = read(write(paymentsDescription({ resources: 2 })));
    const post = catalogue.operations.find(({ name }) => name === 'PostThings0');
    const brackets = { expand: 'brackets', items: 'brackets', metadata: 'brackets', shipping: 'brackets' };
    expect(post?.body).toEqual({ as: 'form', type: 'application/x-www-form-urlencoded', styles: brackets });
    expect(catalogue.operations.find(({ name }) => name === 'GetThings0')?.parameters[0]).toEqual({
      property: 'created',
      name: 'created',
      in: 'query',
      style: 'brackets',
    });
    const body = { amount: 5, currency: 'eur', description: '', items: [{ price: 'p', tax_rates: '' }], metadata: { a: 'b' }, customer: { any: 1 } };
    expect(misfits(catalogue, 'PostThings0', { body })).toEqual([]);
    expect(misfits(catalogue, 'PostThings0', { body: { currency: 'eur' } })).not.toEqual([]);
    expect(misfits(catalogue, 'PostThings0', { body: { ...body, metadata: { a: 1 } } })).not.toEqual([]);
    expect(misfits(catalogue, 'GetThings0', { created: { gt: 5 } })).toEqual([]);
    expect(catalogue.refused).toEqual({ PostFiles: 'It cannot be called: its body needs the file "file", and files are not sent.' });
  });

  test('a messaging service of version 2: formData, lists in each format, a shared body', () => {
    const catalogue = read(write(messagingDescription({ resources: 2 })));
    const [list, replace, send] = ['ListMessages0', 'ReplaceMessage0', 'SendMessage0'].map((name) => catalogue.operations.find((each) => each.name === name));
    expect(list?.parameters.map(({ name, style }) => [name, style])).toEqual([
      ['Page', undefined],
      ['ids', 'pipe'],
      ['sorts', undefined],
      ['states', 'comma'],
    ]);
    expect(list?.output).toMatchObject({ type: 'array', items: { properties: { text: { type: 'string' } } } });
    expect(send?.body).toEqual({ as: 'form', type: 'application/x-www-form-urlencoded', styles: { MediaUrl: 'repeat', Tags: 'comma' } });
    expect(send?.input.required).toEqual(['body']);
    expect(misfits(catalogue, 'SendMessage0', { body: { To: '+1', Tags: ['a'] } })).toEqual([]);
    expect(misfits(catalogue, 'SendMessage0', { body: { Body: 'x' } })).not.toEqual([]);
    expect(replace?.input).toMatchObject({ required: ['body'], properties: { body: { $ref: '#/schemas/Thread' } } });
    expect(misfits(catalogue, 'ReplaceMessage0', { body: { text: 'a', about: { sort: 'dog', name: null, packSize: 1 }, replies: [{ text: 'b' }] } })).toEqual(
      [],
    );
    expect(misfits(catalogue, 'ReplaceMessage0', { body: { text: 'a', about: { sort: 'dog', packSize: 0 } } })).not.toEqual([]);
    expect(catalogue.refused).toEqual({ upload: 'It cannot be called: its body needs the file "file", and files are not sent.' });
  });
});

function post(operation: JsonObject): ApiCatalogue {
  return read({ openapi: '3.1.0', info: {}, paths: { '/a/{id}': { post: { operationId: 'op', ...operation } } } });
}

test.each([
  [{ parameters: [{ name: 'session', in: 'cookie', required: true, schema: {} }] }, 'its parameter "session" is a cookie, and cookies are not sent'],
  [{ parameters: [{ name: 'id', in: 'path', style: 'matrix', schema: {} }] }, 'its parameter "id" is written in the style matrix, which is not sent'],
  [
    { requestBody: { required: true, content: { 'application/xml': {}, 'application/octet-stream': {} } } },
    'its body is application/xml or application/octet-stream, which is not sent',
  ],
  [
    { requestBody: { content: { 'multipart/form-data': { schema: { properties: { photo: { type: 'string', format: 'binary' } } } } } } },
    'its body is the file "photo", and files are not sent',
  ],
  [
    {
      requestBody: {
        content: { 'multipart/form-data': { schema: { properties: { p: { type: 'array', items: { contentMediaType: 'image/png' } } }, required: ['p'] } } },
      },
    },
    'its body needs the file "p", and files are not sent',
  ],
])('%j is not offered, and it is told why', (operation, why) => {
  expect(post(operation as JsonObject)).toMatchObject({ operations: [], refused: { op: `It cannot be called: ${why}.` } });
});

test.each([
  [{ parameters: [{ name: 'session', in: 'cookie', schema: {} }] }, { properties: {} }],
  [{ requestBody: { content: { 'application/xml': {} } } }, { properties: {} }],
  [
    {
      requestBody: {
        content: { 'multipart/form-data': { schema: { properties: { photo: { contentMediaType: 'image/png' }, caption: { type: 'string' } } } } },
      },
    },
    { properties: { body: { properties: { caption: { type: 'string' } } } } },
  ],
])('%j is offered without what is not sent', (operation, input) => {
  expect(post(operation as JsonObject)).toMatchObject({ operations: [{ name: 'op', input }] });
});

const emptyForm = { content: { 'application/x-www-form-urlencoded': { schema: { type: 'object', properties: {} } } } };
const openForm = { content: { 'application/x-www-form-urlencoded': { schema: { type: 'object', additionalProperties: { type: 'string' } } } } };

test.each([
  ['post', emptyForm, []],
  ['post', openForm, ['body']],
  ['post', { ...emptyForm, required: true }, ['body']],
  ['get', openForm, []],
  ['get', { ...openForm, required: true }, ['body']],
  ['head', { ...openForm, required: true }, []],
])('a %s with the body %j takes %j', (method, requestBody, taken) => {
  const { operations } = read({ openapi: '3.1.0', paths: { '/a': { [method]: { requestBody } } } });
  expect(Object.keys(operations[0]?.input.properties as JsonObject)).toEqual(taken);
});

test.each([
  ['application/merge-patch+json', { as: 'json', type: 'application/merge-patch+json' }],
  ['text/plain', { as: 'text', type: 'text/plain' }],
  ['application/json; charset=utf-8', { as: 'json', type: 'application/json; charset=utf-8' }],
])('a body of %s is sent as such', (type, body) => {
  expect(
    post({ requestBody: { required: true, content: { 'application/octet-stream': {}, [type]: { schema: { type: 'object' } } } } }).operations[0],
  ).toMatchObject({ body });
});

test('what real descriptions write wrongly does not reach a validator', () => {
  const schema = {
    type: 'any',
    required: true,
    properties: {
      a: { pattern: String.raw`^[\_-]+\_$`, enum: [] },
      b: { pattern: '^(a+)+$', type: 'string' },
      c: { items: [{ type: 'string' }], minLength: -1, not: {} },
    },
    allOf: [],
  };
  const catalogue = post({ requestBody: { required: true, content: { 'application/json': { schema } } } });
  expect(catalogue.operations[0]?.input.properties).toEqual({ body: { properties: { a: {}, b: { type: 'string' }, c: {} } } });
  expect(misfits(catalogue, 'op', { body: { a: '_', b: 'aaab', c: 1 } })).toEqual([]);
});

/** Names of schemas that are referred to and not there. */
function lost({ operations, schemas = {} }: ApiCatalogue): string[] {
  const found = [...JSON.stringify([operations.map(({ input }) => input), schemas]).matchAll(/"\$ref":"#\/schemas\/([^"]+)"/g)].map(
    (match) => match[1] as string,
  );
  return [...new Set(found)].filter((name) => !Object.hasOwn(schemas, name));
}

describe('large descriptions', () => {
  const text = 'It is told here what the field is for, and when it is set. ';
  test.each([
    ['1,800 operations, 10 MB', () => codeHostDescription({ resources: 450, exampleBytes: 5_800 }), 1_800, 3_000_000],
    ['900 operations with forms in place, 5 MB', () => paymentsDescription({ resources: 300, text: text.repeat(14) }), 900, 3_000_000],
    ['1,800 operations of version 2', () => messagingDescription({ resources: 600 }), 1_800, 2_500_000],
    ['1,800 operations whose schemas lead to one another', () => shopDescription('3.0.3', 450), 1_800, 2_200_000],
    ['500 operations whose records lead to many others', () => meshDescription(250), 500, 1_100_000],
    ['1,800 operations whose records lead to many others', () => meshDescription(900), 1_800, 4_000_000],
    ['500 operations whose schemas lead to one another', () => shopDescription('2.0', 125), 500, 620_000],
  ])('%s: a catalogue of a bounded size, with every schema that it refers to', (_, make, count, most) => {
    const description = JSON.stringify(make());
    const catalogue = read(description);
    const { length } = JSON.stringify(catalogue);
    expect(catalogue.operations).toHaveLength(count);
    expect(length).toBeLessThan(most);
    expect(length).toBeLessThan(3 * description.length + 300_000);
    expect(lost(catalogue)).toEqual([]);
  });

  test('where it would be longer than it may be, it says less, and still has every operation with its fields', () => {
    const catalogue = read(paymentsDescription({ resources: 900, text: text.repeat(6) }));
    expect(catalogue.operations).toHaveLength(2_700);
    expect(JSON.stringify(catalogue).length).toBeLessThanOrEqual(4_000_000);
    expect(misfits(catalogue, 'PostThings7', { body: { currency: 'eur' } })).not.toEqual([]);
  });

  test('above 3,000 operations it is refused, with the reason', () => {
    expect(() => catalogueOf(JSON.stringify(messagingDescription({ resources: 1_100 })))).toThrow(/has more than 3000 operations/);
  });

  test('schemas that grow without end where they are written out stay what they are', () => {
    const schemas: JsonObject = { s0: { type: 'string' } };
    for (let index = 1; index < 60; index += 1)
      schemas[`s${index}`] = { allOf: Array.from({ length: 8 }, (): Json => ({ $ref: `#/components/schemas/s${index - 1}` })) };
    const catalogue = read({
      openapi: '3.1.0',
      paths: { '/a': { post: { operationId: 'op', requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/s59' } } } } } } },
      components: { schemas },
    });
    expect(JSON.stringify(catalogue).length).toBeLessThan(30_000);
    const input = boundedSchema(catalogue.operations[0]?.input ?? {}, catalogue.schemas ?? {}, { most: 6_000 });
    expect(isJsonObject(input) && JSON.stringify(input).length).toBeLessThanOrEqual(6_000);
  });
});
