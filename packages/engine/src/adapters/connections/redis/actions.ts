/** The actions of key-value stores as Redis commands: each is bounded in what it reads, and none takes a command or a script from outside. */
import type { ConnectRequest, Json, JsonObject } from '@switchyard/shared';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { action, performAction, type ActionTable } from '../action-table.ts';
import type { ConnectorCall } from '../connector.ts';
import { jsonOf, readKey } from './read-key.ts';

const key = z.string().min(1).max(1024);
const count = z.int().min(1).max(1000).default(100);
/** Names of fields with texts: numbers and booleans become text, as they do in the store. */
const fields = z.record(z.string().min(1), z.union([z.string(), z.number(), z.boolean()]).transform(String));
/** A scan looks at so many keys at most, so that a pattern that nothing matches ends too. */
const mostLooked = 100_000;

const actions: ActionTable<Redis> = {
  get: action('read', z.strictObject({ key, count }), (client, { key: name, count: most }) => readKey(client, name, most)),
  scan: action('read', z.strictObject({ pattern: z.string().min(1).max(1024), count }), scan),
  fields: action('read', z.strictObject({ key, fields: z.array(z.string()).min(1).max(100) }), async (client, asked) => {
    const values = await client.hmgetBuffer(asked.key, ...asked.fields);
    return Object.fromEntries(asked.fields.map((name, index) => [name, jsonOf(values[index])]));
  }),
  stream: action('read', z.strictObject({ key, after: z.string().max(64).default('-'), count }), async (client, asked) => {
    const from = asked.after === '-' ? '-' : `(${asked.after}`;
    return (await client.xrange(asked.key, from, '+', 'COUNT', asked.count)).map(([id, pairs]) => ({ id, fields: paired(pairs) }));
  }),
  set: action('write', z.strictObject({ key, value: z.string(), seconds: z.int().min(1).optional() }), async (client, asked) => {
    if (asked.seconds === undefined) await client.set(asked.key, asked.value);
    else await client.set(asked.key, asked.value, 'EX', asked.seconds);
    return { key: asked.key };
  }),
  set_fields: action('write', z.strictObject({ key, fields }), async (client, asked) => {
    const added = await client.hset(asked.key, asked.fields);
    return { key: asked.key, added };
  }),
  append: action('write', z.strictObject({ key, fields }), async (client, asked) => {
    return { key: asked.key, id: await client.xadd(asked.key, '*', ...Object.entries(asked.fields).flat()) };
  }),
  remove: action('write', z.strictObject({ key }), async (client, asked) => ({ key: asked.key, removed: (await client.unlink(asked.key)) === 1 })),
};

/** Performs one action. Rejects with `action-unknown`, `request-invalid`, or what the client rejects with. */
export function performKeyAction(client: Redis, request: ConnectRequest, call: ConnectorCall): Promise<Json> {
  return performAction(actions, 'A key-value store', { client, request, call });
}

/** Keys that match a glob pattern, at most so many, in order. */
async function scan(client: Redis, { pattern, count: most }: { pattern: string; count: number }): Promise<Json> {
  const keys = new Set<string>();
  let cursor = '0';
  for (let looked = 0; looked < mostLooked && keys.size <= most; looked += 1000) {
    const [next, found] = await client.scan(cursor, 'MATCH', pattern, 'COUNT', 1000);
    for (const one of found) keys.add(one);
    cursor = next;
    if (cursor === '0') break;
  }
  const isMore = keys.size > most || cursor !== '0';
  return { keys: [...keys].sort().slice(0, most), ...(isMore && { truncated: true }) };
}

function paired(flat: readonly string[]): JsonObject {
  return Object.fromEntries(Array.from({ length: flat.length / 2 }, (_, index) => [flat[index * 2] as string, flat[index * 2 + 1] as string]));
}
