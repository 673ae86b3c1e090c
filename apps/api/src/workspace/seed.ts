/** What a store holds before anyone has edited it: the workspace file's entries, the example's, and the example's flow. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isLocalProvider, withPaths, type Connection, type Flow, type Model, type Workspace } from '@switchyard/shared';
import { listEntries, putEntry, removeEntry, type StoredEntry } from '../db/entries.ts';
import { getFact, putFact } from '../db/facts.ts';
import { createFlow } from '../db/flows.ts';
import type { Database } from '../db/schema.ts';

export interface SeedExample {
  id: string;
  flow: Flow;
  workspace: Workspace;
}

/**
 * Brings the entries of the workspace file up to date: those edited in the browser since are kept, those that left the file are removed.
 * Gives a note for each entry that was kept against the file.
 */
export async function seedFromFile(database: Database, { workspace, folder, file }: { workspace: Workspace; folder: string; file: string }): Promise<string[]> {
  const wanted = entriesOf(anchored(workspace, folder), 'file');
  const known = await listEntries(database);
  const notes: string[] = [];
  for (const entry of known) {
    if (entry.origin === 'file' && !wanted.some((other) => isSame(entry, other))) await removeEntry(database, entry.sort, entry.name);
  }
  for (const entry of wanted) {
    const before = known.find((other) => isSame(entry, other));
    if (before?.origin === 'stored') notes.push(`The ${entry.sort} "${entry.name}" was changed in the browser and stays as it is there; ${file} has another.`);
    else await putEntry(database, entry);
  }
  return notes;
}

/** On the very first start: the example's flow, and its entries under names that are free. */
export async function seedFromExample(database: Database, example: SeedExample): Promise<void> {
  if ((await getFact(database, 'seeded')) !== undefined) return;
  const known = await listEntries(database);
  for (const entry of entriesOf(example.workspace, 'stored')) {
    if (!known.some((other) => isSame(entry, other))) await putEntry(database, entry);
  }
  await createFlow(database, example.flow, example.id);
  await putFact(database, 'seeded', String(Date.now()));
}

/** The workspace with paths that are relative to `folder` made absolute, so that they mean the same wherever it is read. */
export function anchored(workspace: Workspace, folder: string): Workspace {
  const connections = Object.entries(workspace.connections).map(([name, connection]) => [name, anchoredConnection(connection, folder)] as const);
  const models = Object.entries(workspace.models).map(([name, model]) => [name, anchoredModel(model, folder)] as const);
  return { ...workspace, models: Object.fromEntries(models), connections: Object.fromEntries(connections) };
}

function anchoredConnection(connection: Connection, folder: string): Connection {
  return withPaths(connection, (url) => anchoredPath(url, folder));
}

function anchoredModel(model: Model, folder: string): Model {
  return isLocalProvider(model.provider) ? { ...model, model: anchoredPath(model.model, folder) } : model;
}

function anchoredPath(url: string, folder: string): string {
  if (url.startsWith('file://')) return url;
  const path = url.startsWith('file:') ? decoded(url.slice('file:'.length)) : url;
  // What is no path is kept as it is: using it tells what is wrong with it.
  if (path === undefined || path === '' || path === ':memory:' || /^[a-z][a-z0-9+.-]+:/i.test(path)) return url;
  return pathToFileURL(resolve(folder, path)).href;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function entriesOf(workspace: Workspace, origin: StoredEntry['origin']): StoredEntry[] {
  return [
    ...Object.entries(workspace.models).map(([name, value]): StoredEntry => ({ sort: 'model', name, origin, value })),
    ...Object.entries(workspace.connections).map(([name, value]): StoredEntry => ({ sort: 'connection', name, origin, value })),
  ];
}

function isSame(one: StoredEntry, other: StoredEntry): boolean {
  return one.sort === other.sort && one.name === other.name;
}
