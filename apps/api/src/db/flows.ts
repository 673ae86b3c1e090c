/** Flows as they are stored: canonical text under a revision that every save raises by one. Removing is soft, so that it can be undone. */
import { randomUUID } from 'node:crypto';
import { canonicalFlow, documentLimits, FailureError, failure, readFlow, utf8Bytes, type Flow } from '@switchyard/shared';
import type { Database } from './schema.ts';

export interface FlowSummary {
  id: string;
  name: string;
  revision: number;
  updatedAt: number;
}

export interface StoredFlow {
  id: string;
  revision: number;
  flow: Flow;
  updatedAt: number;
}

export type SaveOutcome = { revision: number } | { conflict: { revision: number; flow: Flow } } | undefined;

/** Flows that are not removed, the one changed last first. */
export async function listFlows(database: Database): Promise<FlowSummary[]> {
  const rows = await database
    .selectFrom('flows')
    .select(['id', 'name', 'revision', 'updated_at'])
    .where('removed_at', 'is', null)
    .orderBy('updated_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(({ id, name, revision, updated_at }) => ({ id, name, revision, updatedAt: updated_at }));
}

export async function getFlow(database: Database, id: string): Promise<StoredFlow | undefined> {
  const row = await database
    .selectFrom('flows')
    .select(['id', 'revision', 'text', 'updated_at'])
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return row && { id: row.id, revision: row.revision, flow: storedDocument(row.id, row.text), updatedAt: row.updated_at };
}

/** Undefined where the id is taken, by a removed flow too. */
export async function createFlow(database: Database, flow: Flow, id: string = randomUUID()): Promise<{ id: string; revision: number } | undefined> {
  const outcome = await database
    .insertInto('flows')
    .values({ id, name: flow.name, revision: 1, text: storedText(flow), updated_at: Date.now(), removed_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return outcome.numInsertedOrUpdatedRows === 1n ? { id, revision: 1 } : undefined;
}

/** One statement compares the revision and saves, so that of two savers one is refused. Undefined where there is no such flow. */
export async function saveFlow(database: Database, id: string, save: { revision: number; flow: Flow }): Promise<SaveOutcome> {
  const outcome = await database
    .updateTable('flows')
    .set({ name: save.flow.name, text: storedText(save.flow), revision: save.revision + 1, updated_at: Date.now() })
    .where('id', '=', id)
    .where('revision', '=', save.revision)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (outcome.numUpdatedRows === 1n) return { revision: save.revision + 1 };
  const current = await getFlow(database, id);
  return current && { conflict: { revision: current.revision, flow: current.flow } };
}

/** False where there is no such flow. */
export async function removeFlow(database: Database, id: string): Promise<boolean> {
  const outcome = await database.updateTable('flows').set({ removed_at: Date.now() }).where('id', '=', id).where('removed_at', 'is', null).executeTakeFirst();
  return outcome.numUpdatedRows === 1n;
}

/** False where no removed flow has this id. */
export async function restoreFlow(database: Database, id: string): Promise<boolean> {
  const outcome = await database.updateTable('flows').set({ removed_at: null }).where('id', '=', id).where('removed_at', 'is not', null).executeTakeFirst();
  return outcome.numUpdatedRows === 1n;
}

/** Compact, so that what was small enough to be read when it came is so when it is read from here. */
function storedText(flow: Flow): string {
  const text = JSON.stringify(canonicalFlow(flow));
  const bytes = utf8Bytes(text);
  if (bytes <= documentLimits.bytes) return text;
  throw new FailureError(failure('flow-too-large', `The flow has ${bytes} bytes; at most ${documentLimits.bytes} are stored.`));
}

function storedDocument(id: string, text: string): Flow {
  const { document, diagnostics } = readFlow(text);
  if (!document) throw new Error(`The stored flow "${id}" cannot be read: ${diagnostics.map((diagnostic) => diagnostic.message).join(' ')}`);
  return document;
}
