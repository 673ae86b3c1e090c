/** A connection's secret values never become part of the connection. */
import { connectionTypes } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { connectionDraft, emptyDraft, readConnection } from './connection-draft.ts';
import { formOf, offeredTypes } from './connection-form.ts';

const draftOf = (type: string, values: object, rest: object = {}) => ({ ...emptyDraft, type, name: 'carrier-api', values: { ...values }, ...rest });

test('a file, an API and an example', () => {
  expect(readConnection(draftOf('sqlite', { url: ' file:shop.db ' }, { name: 'shop' }))).toEqual({
    name: 'shop',
    connection: { type: 'sqlite', url: 'file:shop.db' },
    secrets: [],
  });
  expect(readConnection(draftOf('http', { baseUrl: 'https://api.example.com' }, { concurrency: 2 }))).toEqual({
    name: 'carrier-api',
    connection: { type: 'http', baseUrl: 'https://api.example.com', limits: { concurrency: 2 } },
    secrets: [],
  });
  expect(readConnection(connectionDraft('demo', { type: 'example', example: 'order-desk/shop' }))).toEqual({
    name: 'demo',
    connection: { type: 'example', example: 'order-desk/shop' },
    secrets: [],
  });
});

test('a secret header is named in the connection and set apart from it', () => {
  const headers = [
    { name: 'Authorization', value: 'Bearer x', isSecret: true, secret: undefined },
    { name: 'accept', value: 'text/plain', isSecret: false, secret: undefined },
    { name: '', value: '', isSecret: true, secret: undefined },
  ];
  expect(readConnection(draftOf('http', { baseUrl: 'https://api.example.com', headers }))).toEqual({
    name: 'carrier-api',
    connection: { type: 'http', baseUrl: 'https://api.example.com', headers: { Authorization: { secret: 'CARRIER_API_AUTHORIZATION' }, accept: 'text/plain' } },
    secrets: [{ name: 'CARRIER_API_AUTHORIZATION', value: 'Bearer x' }],
  });
});

test('two secrets whose names would be equal are told apart', () => {
  const secret = { value: 'x', isSecret: true, secret: undefined };
  const headers = [
    { name: 'x-key', ...secret },
    { name: 'x_key', ...secret },
  ];
  const read = readConnection(draftOf('http', { baseUrl: 'https://h', headers }));
  expect(read).toMatchObject({ secrets: [{ name: 'CARRIER_API_X_KEY' }, { name: 'CARRIER_API_X_KEY_2' }] });
});

test('a kept secret stays under its name and is not sent again', () => {
  const draft = connectionDraft('a', { type: 'http', baseUrl: 'https://h', headers: { authorization: { secret: 'TOKEN' } } });
  expect(readConnection(draft)).toEqual({
    name: 'a',
    connection: { type: 'http', baseUrl: 'https://h', headers: { authorization: { secret: 'TOKEN' } } },
    secrets: [],
  });
});

test('mistakes are told by field', () => {
  const headers = [
    { name: 'bad name', value: 'x', isSecret: false, secret: undefined },
    { name: 'authorization', value: '', isSecret: true, secret: undefined },
    { name: 'accept', value: 'a', isSecret: false, secret: undefined },
    { name: 'accept', value: 'b', isSecret: false, secret: undefined },
  ];
  expect(readConnection(draftOf('http', { baseUrl: 'nowhere', headers }, { name: '', concurrency: 0 }))).toEqual({
    mistakes: {
      name: 'Give it a name.',
      baseUrl: 'Write an address such as https://api.example.com.',
      concurrency: expect.stringMatching(/\.$/) as string,
      'headers.0': 'That is no name for a header.',
      'headers.1': 'Write its value.',
      'headers.3': 'There is a header of that name already.',
    },
  });
  expect(readConnection(draftOf('sqlite', {}))).toEqual({ mistakes: { url: 'File is needed.' } });
  expect(readConnection(emptyDraft)).toEqual({ mistakes: { type: 'Choose what it connects to.' } });
});

test('a new connection does not stand in the place of another', () => {
  const draft = draftOf('sqlite', { url: 'file:shop.db' }, { name: ' shop ' });
  expect(readConnection(draft, ['shop'])).toEqual({ mistakes: { name: 'There is a connection of that name already. Take another name, or change that one.' } });
  expect(readConnection(draft, ['shop2'])).toMatchObject({ name: 'shop' });
});

test('a corpus chooses its connection and its model by their names', () => {
  const corpus = connectionTypes.get('corpus');
  const controls = Object.fromEntries((corpus ? formOf(corpus) : []).map(({ name, control }) => [name, control]));
  expect([controls.source, controls.embeddings]).toEqual([{ sort: 'connection', that: ['objects', 'query', 'fetch'] }, { sort: 'model' }]);
  const draft = connectionDraft('faq', { type: 'corpus', source: 'handbook', embeddings: 'embedder', refreshSeconds: 300 });
  expect(readConnection(draft)).toMatchObject({ connection: { source: 'handbook', embeddings: 'embedder' } });
  expect(readConnection({ ...draft, values: { ...draft.values, source: '', embeddings: '' } })).toEqual({ mistakes: { source: 'Texts from is needed.' } });
});

test('every type has a form whose fields have titles, and those that a person can add are offered', () => {
  for (const type of connectionTypes.values()) {
    for (const field of formOf(type)) expect(field.title, `${type.type}.${field.name}`).not.toBe(field.name);
    const offered = offeredTypes(type.title).flatMap(({ types }) => types);
    expect(offered.includes(type)).toBe(!type.isShipped);
  }
  expect(offeredTypes('no such thing')).toEqual([]);
  const among = offeredTypes('', ['sqlite', 'http', 'example']).flatMap(({ types }) => types);
  expect(among.map(({ type }) => type)).toEqual(['sqlite', 'http']);
});
