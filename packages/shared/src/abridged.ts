/**
 * Events that tell less than happened: a long value in them stands abridged, and `abridged` says where, how long it is, and what holds the whole.
 *
 * 1. An abridged value keeps its type: of an object its short members, of a text its beginning, of a list nothing.
 * 2. The paths of one event never lie within one another.
 * 3. The start and the end of a run are always told whole.
 */
import { pointer, type Json, type JsonObject } from './json.ts';
import type { RunEvent } from './run-event.ts';

/** Where an event holds only the beginning of a value. */
export interface Abridged {
  /** JSON pointer within the event, such as /result/rows. */
  path: string;
  /** Length of the whole as JSON text, in UTF-16 units. */
  bytes: number;
  /** SHA-256 of the whole as JSON text, hex, where it is kept as a blob; else the stored event holds it. */
  blob?: string;
}

/** The members of events that may be long. */
const longMembers = ['request', 'result', 'inputs', 'outputs', 'until'] as const;

const longestText = 160;
const mostMembers = 16;

/** The beginning of a value, for a line that tells it from its neighbours. */
export function abridge(value: Json): Json {
  if (typeof value === 'string') return cut(value);
  if (Array.isArray(value)) return [];
  if (typeof value !== 'object' || value === null) return value;
  const short: JsonObject = {};
  for (const [key, member] of Object.entries(value).slice(0, mostMembers)) {
    if (typeof member === 'string') short[key] = cut(member);
    else if (typeof member !== 'object' || member === null) short[key] = member;
  }
  return short;
}

/** The beginnings of inputs or outputs, for a list of runs: each member that would be left out stands there as the beginning of its JSON. */
export function beginnings(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return abridge(value);
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, mostMembers)
      .map(([key, member]) => [key, beginning(member)]),
  );
}

/** No more of a list is made text than is shown. */
function beginning(member: Json): Json {
  if (typeof member !== 'object' || member === null) return abridge(member);
  if (!Array.isArray(member)) return cut(JSON.stringify(abridge(member)));
  const items: string[] = [];
  for (let length = 0; length <= longestText && items.length < member.length; length += (items.at(-1) as string).length + 1)
    items.push(JSON.stringify(member[items.length]));
  return cut(`[${items.join(',')}${items.length < member.length ? ',' : ']'}`);
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

/** The event with every member abridged that is longer than `longest` as JSON; the event itself where there is none. */
export function abridgeEvent(event: RunEvent, longest: number): RunEvent {
  if (event.type === 'run-start' || event.type === 'run-end') return event;
  const members = event as unknown as JsonObject;
  let short: JsonObject | undefined;
  let abridged = event.abridged ?? [];
  for (const name of longMembers) {
    const value = members[name];
    if (value === undefined || isShort(value)) continue;
    const within = abridged.filter(({ path }) => isWithin(path, name));
    const bytes = JSON.stringify(value).length + within.reduce((sum, part) => sum + part.bytes, 0);
    if (bytes <= longest) continue;
    short ??= { ...members };
    short[name] = abridge(value);
    abridged = [...abridged.filter((part) => !within.includes(part)), { path: pointer([name]), bytes }];
  }
  return short ? ({ ...short, abridged } as unknown as RunEvent) : event;
}

function isShort(value: Json): boolean {
  return typeof value === 'object' ? value === null : typeof value !== 'string' || value.length <= longestText;
}

/** Whether a path leads to a member, or to something in it. */
export function isWithin(path: string, member: string): boolean {
  return path === `/${member}` || path.startsWith(`/${member}/`);
}

/** The value at a JSON pointer; undefined where there is none. */
export function valueAt(value: Json | undefined, path: string): Json | undefined {
  let found: Json | undefined = value;
  for (const key of keysOf(path)) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as JsonObject)[key];
  }
  return found;
}

/** A copy with another value at a JSON pointer; the value itself where the pointer leads nowhere. What lies beside the path is shared. */
export function withValueAt(value: Json, path: string, part: Json): Json {
  return replaced(value, keysOf(path), part);
}

function replaced(value: Json, [key, ...rest]: readonly string[], part: Json): Json {
  if (key === undefined) return part;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return value;
  const inner = replaced((value as JsonObject)[key] as Json, rest, part);
  return Array.isArray(value) ? value.with(Number(key), inner) : { ...value, [key]: inner };
}

function keysOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}
