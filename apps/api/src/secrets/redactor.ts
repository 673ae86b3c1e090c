/** Masks secrets in anything that leaves a run: raw, JSON-escaped, URL-encoded, and in base64 at any alignment. */
import type { Redact } from '@switchyard/engine/adapters';

export const mask = '[masked]';

/** A shorter secret occurs by chance everywhere, and masking it would tell where it does not. */
const shortest = 4;
/** A piece of base64 that is shorter could be part of anything. */
const shortestEncoded = 8;

/** A function that masks these secrets in every string of a value, keys included. Values without any are given back as they are. */
export function createRedactor(secrets: readonly string[]): Redact {
  const forms = new Set(secrets.filter((secret) => secret.length >= shortest).flatMap(formsOf));
  if (forms.size === 0) return (value) => value;
  const longestFirst = [...forms].sort((one, other) => other.length - one.length).map((form) => RegExp.escape(form));
  const pattern = new RegExp(longestFirst.join('|'), 'g');
  return <T>(value: T): T => masked(value, pattern) as T;
}

function masked(value: unknown, pattern: RegExp): unknown {
  if (typeof value === 'string') return value.replace(pattern, mask);
  if (Array.isArray(value)) return maskedList(value, pattern);
  if (typeof value === 'object' && value !== null) return maskedObject(value as Record<string, unknown>, pattern);
  return value;
}

function maskedList(list: readonly unknown[], pattern: RegExp): readonly unknown[] {
  const copy = list.map((item) => masked(item, pattern));
  return copy.some((item, index) => item !== list[index]) ? copy : list;
}

function maskedObject(object: Record<string, unknown>, pattern: RegExp): Record<string, unknown> {
  let hasChanged = false;
  const entries = Object.entries(object).map(([key, item]) => {
    const entry = [key.replace(pattern, mask), masked(item, pattern)] as const;
    if (entry[0] !== key || entry[1] !== item) hasChanged = true;
    return entry;
  });
  return hasChanged ? Object.fromEntries(entries) : object;
}

function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret);
  const strictly = encoded.replaceAll(/[!'()*~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  // As a form sends it, which encodes other letters than a path does.
  const asField = new URLSearchParams({ a: secret }).toString().slice(2);
  const plain = [secret, JSON.stringify(secret).slice(1, -1), encoded, strictly, asField, asField.replaceAll('+', '%20')];
  const lower = plain.slice(2).map((form) => form.replaceAll(/%[0-9A-F]{2}/g, (part) => part.toLowerCase()));
  const base64 = [0, 1, 2].map((offset) => base64Within(secret, offset)).filter((form) => form.length >= shortestEncoded);
  return [...plain, ...lower, ...base64, ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** The characters of a base64 text that only the secret decides, where `offset` bytes (modulo 3) stand before it. */
function base64Within(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret, 'utf8')]);
  const first = Math.ceil((offset * 8) / 6);
  const end = Math.floor((bytes.length * 8) / 6);
  return bytes.toString('base64').slice(first, end);
}
