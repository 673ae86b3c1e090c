/** A connection's secret values never become part of the connection. */
import { expect, test } from 'vitest';
import { connectionDraft, emptyDraft, readConnection } from './connection-draft.ts';

test('a file, an API and an example', () => {
  expect(readConnection({ ...emptyDraft, name: 'shop', address: ' file:shop.db ' })).toEqual({
    name: 'shop',
    connection: { type: 'sqlite', url: 'file:shop.db' },
    secrets: [],
  });
  expect(readConnection({ ...emptyDraft, name: 'api', type: 'http', address: 'https://api.example.com', concurrency: 2 })).toEqual({
    name: 'api',
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
  const read = readConnection({ ...emptyDraft, name: 'carrier-api', type: 'http', address: 'https://api.example.com', headers });
  expect(read).toEqual({
    name: 'carrier-api',
    connection: { type: 'http', baseUrl: 'https://api.example.com', headers: { authorization: { secret: 'CARRIER_API_AUTHORIZATION' }, accept: 'text/plain' } },
    secrets: [{ name: 'CARRIER_API_AUTHORIZATION', value: 'Bearer x' }],
  });
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
  ];
  expect(readConnection({ ...emptyDraft, type: 'http', address: 'nowhere', headers })).toEqual({
    mistakes: {
      name: 'Give it a name.',
      address: 'An address such as https://api.example.com.',
      header0: 'A header name has letters, digits and - only.',
      header1: 'Write its value.',
    },
  });
});
