/** What was accepted of what connections offer, kept beside the workspace: it holds for as long as the connection's entry stays the same. */
import { stableText, type Connection, type Json, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';
import { getFact, putFact } from '../db/facts.ts';
import type { Database } from '../db/schema.ts';

const storedSchema = z.record(z.string(), z.object({ of: z.string(), fields: z.record(z.string(), z.json()) }));
export type AcceptedOffers = Readonly<z.infer<typeof storedSchema>>;

/** By the connection's name in the workspace; empty where nothing of use is stored. */
export async function readAcceptedOffers(database: Database): Promise<AcceptedOffers> {
  const text = await getFact(database, 'accepted-offers');
  if (text === undefined) return {};
  const read = storedSchema.safeParse(JSON.parse(text));
  return read.success ? read.data : {};
}

/** `connection` as its entry has it, `fields` as accepted now. */
export async function putAcceptedOffer(
  database: Database,
  name: string,
  { connection, fields }: { connection: Connection; fields: JsonObject },
): Promise<void> {
  const others = await readAcceptedOffers(database);
  await putFact(database, 'accepted-offers', JSON.stringify({ ...others, [name]: { of: identityOf(connection), fields } }));
}

/** The connection with what was accepted of it since its entry was written. */
export function withAccepted(name: string, connection: Connection, known: AcceptedOffers): Connection {
  const entry = Object.hasOwn(known, name) ? known[name] : undefined;
  return entry?.of === identityOf(connection) ? ({ ...connection, ...entry.fields } as Connection) : connection;
}

function identityOf(connection: Connection): string {
  return stableText(connection as unknown as Json);
}
