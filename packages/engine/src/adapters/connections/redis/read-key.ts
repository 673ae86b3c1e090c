/** One key, whatever type of value it holds, as JSON, and no more of it than may be read. */
import type { Json } from '@switchyard/shared';
import type { Redis } from 'ioredis';

/** Of a text; what is longer is cut. */
const mostBytes = 1_000_000;

type Reader = (client: Redis, key: string, most: number) => Promise<{ value: Json; size: number }>;

const readers: Readonly<Record<string, Reader>> = {
  string: async (client, key) => ({ value: jsonOf(await client.getrangeBuffer(key, 0, mostBytes - 1)), size: await client.strlen(key) }),
  list: async (client, key, most) => ({ value: (await client.lrangeBuffer(key, 0, most - 1)).map(jsonOf), size: await client.llen(key) }),
  set: async (client, key, most) => {
    const [, members] = await client.sscanBuffer(key, 0, 'COUNT', most);
    return { value: members.slice(0, most).map(jsonOf), size: await client.scard(key) };
  },
  zset: async (client, key, most) => {
    const flat = await client.zrange(key, '0', String(most - 1), 'WITHSCORES');
    const value = Array.from({ length: flat.length / 2 }, (_, index) => ({ member: flat[index * 2] as string, score: Number(flat[index * 2 + 1]) }));
    return { value, size: await client.zcard(key) };
  },
  hash: async (client, key, most) => {
    const [, flat] = await client.hscanBuffer(key, '0', 'COUNT', most);
    const pairs = Array.from({ length: flat.length / 2 }, (_, index) => [String(flat[index * 2]), jsonOf(flat[index * 2 + 1])] as const);
    return { value: Object.fromEntries(pairs.slice(0, most)), size: await client.hlen(key) };
  },
  stream: async (client, key, most) => {
    const entries = await client.xrevrange(key, '+', '-', 'COUNT', most);
    const value = entries.map(([id, flat]) => ({
      id,
      fields: Object.fromEntries(Array.from({ length: flat.length / 2 }, (_, index) => [flat[index * 2] as string, flat[index * 2 + 1] as string])),
    }));
    return { value, size: await client.xlen(key) };
  },
};

/** `{ key, type, value }`; of a long list or text the beginning, of a stream the end, with its whole size. A key that is not there has the value null. */
export async function readKey(client: Redis, key: string, most: number): Promise<Json> {
  const type = await client.type(key);
  if (type === 'none') return { key, type: 'none', value: null };
  const reader = readers[type];
  if (!reader) return { key, type, value: null, unreadable: `Values of type ${type} cannot be read here.` };
  const { value, size } = await reader(client, key, most);
  const given = type === 'string' ? Math.min(size, mostBytes) : Object.keys(value as object).length;
  return { key, type, value, ...(given < size && { truncated: true, size }) };
}

/** Text where the bytes are text, else `{ base64 }`. */
export function jsonOf(bytes: Buffer | null | undefined): Json {
  if (!bytes) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { base64: bytes.toString('base64') };
  }
}
