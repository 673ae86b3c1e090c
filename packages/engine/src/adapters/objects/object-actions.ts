/** The actions of every store of objects: each is bounded in what it reads, gives and writes. */
import { FailureError, failure, type ConnectRequest, type Json } from '@switchyard/shared';
import { z } from 'zod';
import { action, performAction, type ActionTable } from '../connections/action-table.ts';
import type { ConnectorCall } from '../connections/connector.ts';
import { checkedKey, type ObjectStore } from './object-store.ts';
import { contentForms, readContent } from './read-content.ts';

const key = z.string().min(1).max(1024);
const mostWritten = 5_000_000;
const mediaType = z.string().regex(/^[\w.+-]{1,60}\/[\w.+-]{1,60}(?:; ?charset=[\w-]{1,20})?$/, 'write a media type such as text/plain');

const actions: ActionTable<ObjectStore> = {
  list: action(
    'read',
    z.strictObject({ prefix: z.string().max(1024).default(''), after: z.string().max(1024).optional(), count: z.int().min(1).max(1000).default(100) }),
    async (store, { prefix, after, count }, { deadline }) => {
      const { objects, isCut } = await store.list({ prefix, most: count, ...(after !== undefined && { after }) }, deadline.signal);
      return { objects: objects.map(({ version: _, ...facts }) => facts), ...(isCut && { truncated: true }) };
    },
  ),
  read: action(
    'read',
    z.strictObject({
      key,
      as: z.enum(contentForms).optional(),
      offset: z.int().min(0).default(0),
      characters: z.int().min(1).max(1_000_000).default(1_000_000),
    }),
    (store, asked, { deadline }) => readContent(store, { ...asked, key: checkedKey(asked.key) }, deadline),
  ),
  link: action('read', z.strictObject({ key, seconds: z.int().min(1).max(604_800).default(3600) }), async (store, asked, { deadline }) => {
    if (!store.link) throw cannot(store, 'gives no links: what is in it is reached by reading it here');
    return { key: asked.key, url: await store.link(checkedKey(asked.key), asked.seconds, deadline.signal), seconds: asked.seconds };
  }),
  write: action(
    'write',
    z
      .strictObject({ key, text: z.string().optional(), base64: z.base64().optional(), mediaType: mediaType.optional() })
      .refine(({ text, base64 }) => (text === undefined) !== (base64 === undefined), 'give either text or base64'),
    write,
  ),
  remove: action('write', z.strictObject({ key }), async (store, asked, { deadline }) => {
    if (!store.remove) throw cannot(store, 'is read only');
    await store.remove(checkedKey(asked.key), deadline.signal);
    return { key: asked.key, removed: true };
  }),
};

async function write(
  store: ObjectStore,
  { key: name, text, base64, mediaType: given }: { key: string; text?: string | undefined; base64?: string | undefined; mediaType?: string | undefined },
  { deadline }: ConnectorCall,
): Promise<Json> {
  if (!store.write) throw cannot(store, 'is read only');
  const bytes = text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text);
  if (bytes.length > mostWritten)
    throw new FailureError(failure('object-too-large', `The object was not written: it has over ${mostWritten / 1_000_000} MB. Write it in parts.`));
  await store.write(
    checkedKey(name),
    { bytes, mediaType: given ?? (text === undefined ? 'application/octet-stream' : 'text/plain; charset=utf-8') },
    deadline.signal,
  );
  return { key: name, size: bytes.length };
}

/** Performs one action on a store. */
export function performObjectAction(store: ObjectStore, request: ConnectRequest, call: ConnectorCall): Promise<Json> {
  return performAction(actions, 'A store of objects', { client: store, request, call });
}

/** What a trial of the connection finds. */
export async function describeStore(store: ObjectStore, signal: AbortSignal): Promise<string> {
  const most = 1000;
  const { objects, isCut } = await store.list({ prefix: '', most }, signal);
  return `It opens and has ${isCut ? `more than ${most}` : objects.length} ${objects.length === 1 ? 'object' : 'objects'}.`;
}

function cannot({ name }: ObjectStore, why: string): FailureError {
  return new FailureError(failure('action-unavailable', `Connection "${name}" ${why}. Choose another action, or another connection.`));
}
