/**
 * Values whose JSON is long stand once in a store, as blobs by the SHA-256 of their text; whatever they are part of says by `abridged` where they stood.
 * The same for every store.
 */
import { hash } from 'node:crypto';
import { abridge, withValueAt, type Json, type JsonObject, type RunEvent } from '@switchyard/shared';
import type { JournalEntry } from './journal.ts';

/** Of JSON text, in UTF-16 units: what is longer is a blob. */
export const longestInline = 65_536;

export interface Blob {
  /** SHA-256 of the text, hex. */
  hash: string;
  text: string;
}

/** One that was made a blob before, and is most likely kept. */
export interface KnownValue {
  hash: string;
  value: Json;
}

/** A journal entry as it is kept: a long result is said by its hash. */
type KeptEntry = JournalEntry & { blob?: string };

/** The members of events that may be long. */
const longMembers = ['request', 'result', 'inputs', 'outputs', 'until'] as const;

/** Hashes of values that were made text before: a result stands in the journal and in an event. Values of a run never change. */
const hashes = new WeakMap<object, string>();

/** The blob of a value whose JSON is the text. */
export function blobOf(value: Json, text: string): Blob {
  const blob = { hash: hash('sha256', text), text };
  if (typeof value === 'object' && value !== null) hashes.set(value, blob.hash);
  return blob;
}

/** Of a long value that was made a blob in this process. */
export function knownHash(value: Json | undefined): string | undefined {
  return typeof value === 'object' && value !== null ? hashes.get(value) : undefined;
}

/** The event with its long values abridged, and these. `text` is its JSON. */
export function withoutLongValues(event: RunEvent, text: string): { event: RunEvent; blobs: Blob[] } {
  if (text.length <= longestInline) return { event, blobs: [] };
  const members = event as unknown as JsonObject;
  const short = { ...members };
  const abridged = event.abridged ? [...event.abridged] : [];
  const blobs: Blob[] = [];
  const present = longMembers.filter((name) => members[name] !== undefined);
  for (const name of present) {
    const value = members[name] as Json;
    const whole = present.length === 1 ? textOfMember(name, members, text) : JSON.stringify(value);
    if (whole.length <= longestInline) continue;
    const blob = blobOf(value, whole);
    blobs.push(blob);
    short[name] = abridge(value);
    abridged.push({ path: `/${name}`, bytes: whole.length, blob: blob.hash });
  }
  return blobs.length === 0 ? { event, blobs } : { event: { ...short, abridged } as unknown as RunEvent, blobs };
}

/** The JSON of a member as it stands in that of the whole: to write a long one again costs more than to hash it. */
function textOfMember(name: string, members: JsonObject, text: string): string {
  const without = JSON.stringify({ ...members, [name]: null });
  let start = 0;
  while (start < without.length && text[start] === without[start]) start += 1;
  const after = without.length - start - 'null'.length;
  return text.slice(start, text.length - after);
}

/** The entry as it is kept, as JSON, and its long result. */
export function withoutLongResult(entry: JournalEntry): { text: string; blobs: (Blob | KnownValue)[] } {
  const { result } = entry;
  const known = knownHash(result);
  if (result !== undefined && known !== undefined) return { text: keptText(entry, known), blobs: [{ hash: known, value: result }] };
  const text = JSON.stringify(entry);
  const whole = text.length > longestInline && result !== undefined ? JSON.stringify(result) : '';
  if (result === undefined || whole.length <= longestInline) return { text, blobs: noBlobs };
  const blob = blobOf(result, whole);
  return { text: keptText(entry, blob.hash), blobs: [blob] };
}

const noBlobs: Blob[] = [];

function keptText({ result: _, ...rest }: JournalEntry, blob: string): string {
  return JSON.stringify({ ...rest, blob } satisfies KeptEntry);
}

/** The blobs that kept entries refer to. */
export function blobsOfEntries(entries: readonly KeptEntry[]): string[] {
  return entries.flatMap(({ blob }) => (blob === undefined ? [] : [blob]));
}

/** The entries as they were recorded: `textOf` gives the text of a blob. */
export function withLongResults(entries: readonly KeptEntry[], textOf: (hash: string) => string): JournalEntry[] {
  return entries.map(({ blob, ...entry }) => (blob === undefined ? entry : { ...entry, result: JSON.parse(textOf(blob)) as Json }));
}

/** Of texts that each are an array of kept entries, in order. */
export function keptEntries(texts: readonly string[]): KeptEntry[] {
  return texts.flatMap((text) => JSON.parse(text) as KeptEntry[]);
}

/** What stands of each key: the outcome of a write where there is one, else its intent. */
export function latestOf(entries: readonly JournalEntry[]): JournalEntry[] {
  const latest = new Map<string, JournalEntry>();
  for (const entry of entries) if (latest.get(entry.key)?.completion === undefined) latest.set(entry.key, entry);
  return [...latest.values()];
}

/** The blobs that an event refers to. */
export function blobsOf(event: RunEvent): string[] {
  return event.abridged?.flatMap(({ blob }) => (blob === undefined ? [] : [blob])) ?? [];
}

/** The event as it was told: `textOf` gives the text of a blob. */
export function withLongValues(event: RunEvent, textOf: (hash: string) => string): RunEvent {
  if (blobsOf(event).length === 0) return event;
  const { abridged = [], ...short } = event;
  let whole = short as unknown as Json;
  for (const { path, blob } of abridged) if (blob !== undefined) whole = withValueAt(whole, path, JSON.parse(textOf(blob)) as Json);
  return whole as unknown as RunEvent;
}
