/** A connection as it is being written, and as the workspace takes it. Secret values are kept apart from the first moment. Pure. */
import { connectionSchema, connectionTypes, nameSchema, type Connection } from '@switchyard/shared';
import { formOf, type FieldControl, type FormField } from './connection-form.ts';

/** Text that may be a secret. */
export interface SecretDraft {
  /** Empty for a secret that is kept as it is. */
  value: string;
  isSecret: boolean;
  /** Name of the secret that holds the value already. */
  secret: string | undefined;
}

export interface EntryDraft extends SecretDraft {
  name: string;
}

/** By the sort of control: text and lines are text, a map is a list of entries. */
export type DraftValue = string | number | boolean | undefined | SecretDraft | EntryDraft[];

export interface ConnectionDraft {
  name: string;
  /** Undefined until it is chosen. */
  type: string | undefined;
  values: Readonly<Record<string, DraftValue>>;
  concurrency: number | undefined;
  requestsPerMinute: number | undefined;
}

export const emptyDraft: ConnectionDraft = { name: '', type: undefined, values: {}, concurrency: undefined, requestsPerMinute: undefined };

/** A value that nobody has written yet. */
function freshValue({ control, fallback }: FormField): DraftValue {
  if (control.sort === 'secret' || control.sort === 'text-or-secret') return { value: '', isSecret: true, secret: undefined };
  if (control.sort === 'map') return [];
  return control.sort === 'choice' || control.sort === 'switch' ? fallback : undefined;
}

/** Whether it says something else than what holds anyway. */
export function isWritten(field: FormField, value: DraftValue): boolean {
  if (value === undefined || value === '' || value === field.fallback) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== 'object' || value.value !== '' || value.secret !== undefined;
}

/** A draft of a connection that is there already. */
export function connectionDraft(name: string, connection: Connection): ConnectionDraft {
  const type = connectionTypes.get(connection.type);
  const set = connection as Readonly<Record<string, unknown>>;
  const values = (type ? formOf(type) : []).map((field) => [
    field.name,
    set[field.name] === undefined ? freshValue(field) : writtenValue(field.control, set[field.name]),
  ]);
  const { concurrency, requestsPerMinute } = connection.limits ?? {};
  return { name, type: connection.type, values: Object.fromEntries(values) as ConnectionDraft['values'], concurrency, requestsPerMinute };
}

function writtenValue({ sort }: FieldControl, value: unknown): DraftValue {
  if (sort === 'map') return Object.entries(value as Record<string, unknown>).map(([name, each]) => ({ name, ...secretDraft(each) }));
  if (sort === 'secret' || sort === 'text-or-secret') return secretDraft(value);
  return Array.isArray(value) ? value.join('\n') : (value as string | number | boolean);
}

function secretDraft(value: unknown): SecretDraft {
  if (typeof value === 'object' && value !== null) return { value: '', isSecret: true, secret: (value as { secret: string }).secret };
  return { value: String(value), isSecret: false, secret: undefined };
}

interface Secret {
  name: string;
  value: string;
}

type Mistakes = Record<string, string>;

interface Reading {
  draft: ConnectionDraft;
  secrets: Secret[];
  mistakes: Mistakes;
}

/**
 * The connection and the secrets to set for it, or what is wrong, by field; of an entry of a map, by `field.index`. A new one takes no name that is `taken`:
 * it would stand in the place of the other.
 */
export function readConnection(
  draft: ConnectionDraft,
  taken: readonly string[] = [],
): { name: string; connection: Connection; secrets: Secret[] } | { mistakes: Mistakes } {
  const type = draft.type === undefined ? undefined : connectionTypes.get(draft.type);
  if (!type) return { mistakes: { type: 'Choose what it connects to.' } };
  const reading: Reading = { draft, secrets: [], mistakes: {} };
  const { mistakes, secrets } = reading;
  const name = draft.name.trim();
  if (!nameSchema.safeParse(name).success) mistakes.name = name === '' ? 'Give it a name.' : 'Letters, digits, _ . and - only.';
  else if (taken.includes(name)) mistakes.name = 'There is a connection of that name already. Take another name, or change that one.';
  const fields = formOf(type).map((field) => [field.name, readField(field, reading)] as const);
  const limits = { ...given('concurrency', draft.concurrency), ...given('requestsPerMinute', draft.requestsPerMinute) };
  const read = connectionSchema.safeParse({
    type: type.type,
    ...Object.fromEntries(fields.filter(([, value]) => value !== undefined)),
    ...(Object.keys(limits).length > 0 && { limits }),
  });
  for (const issue of read.error?.issues ?? []) {
    const field = String(issue.path[0] === 'limits' ? issue.path[1] : issue.path[0]);
    if (!Object.keys(mistakes).some((told) => told === field || told.startsWith(`${field}.`))) mistakes[field] = sentence(issue.message);
  }
  return read.success && Object.keys(mistakes).length === 0 ? { name, connection: read.data, secrets } : { mistakes };
}

/** What the connection holds in this field; undefined where nothing is given. */
function readField(field: FormField, reading: Reading): unknown {
  const { control, name, isRequired, title } = field;
  const value = reading.draft.values[name] ?? freshValue(field);
  const read = Array.isArray(value)
    ? readEntries(value, { name, control, reading })
    : typeof value === 'object'
      ? readSecret(value, { label: name, reading })
      : typeof value === 'string'
        ? readText(value, control)
        : value;
  if (read === undefined && isRequired) reading.mistakes[name] ??= `${title} is needed.`;
  return read;
}

function readText(value: string, { sort }: FieldControl): string | string[] | undefined {
  const text = value.trim();
  if (text === '') return undefined;
  return sort === 'lines'
    ? text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
    : text;
}

function readSecret({ value, isSecret, secret }: SecretDraft, { label, reading }: { label: string; reading: Reading }): unknown {
  if (!isSecret) return value === '' ? undefined : value;
  if (value === '' && secret === undefined) return undefined;
  const name = secret ?? secretName(reading, label);
  if (value !== '') reading.secrets.push({ name, value });
  return { secret: name };
}

function readEntries(entries: readonly EntryDraft[], at: { name: string; control: FieldControl; reading: Reading }): unknown {
  const { control, reading } = at;
  if (control.sort !== 'map') return undefined;
  const read: Record<string, unknown> = {};
  const isName = new RegExp(control.namePattern ?? '^[^\\s].*$', 'u');
  entries.forEach((entry, index) => {
    const name = entry.name.trim();
    if (name === '' && entry.value === '') return;
    const isMissing = entry.isSecret && entry.value === '' && entry.secret === undefined;
    const mistake = !isName.test(name)
      ? `That is no name for a ${control.entry}.`
      : Object.hasOwn(read, name)
        ? `There is a ${control.entry} of that name already.`
        : isMissing
          ? 'Write its value.'
          : undefined;
    if (mistake) reading.mistakes[`${at.name}.${index}`] = mistake;
    else read[name] = readSecret(entry, { label: name, reading }) ?? '';
  });
  return Object.keys(read).length > 0 ? read : undefined;
}

/** `CARRIER_API_AUTHORIZATION` for the authorization of carrier-api; told apart where two labels would give one name. */
function secretName({ draft, secrets }: Reading, label: string): string {
  const words = `${draft.name}_${label}`
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  const base = /^[A-Z_]/.test(words) ? words : `_${words}`;
  let name = base;
  for (let number = 2; secrets.some((secret) => secret.name === name); number += 1) name = `${base}_${number}`;
  return name;
}

function given(name: string, value: number | undefined): Record<string, number> {
  return value === undefined ? {} : { [name]: value };
}

/** zod says it without its capital or its point. */
function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;
}
