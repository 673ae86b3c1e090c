/**
 * Masks secrets in whatever leaves the host: events, the journal, logs, errors. A secret is looked for as it is, and as base64, percent-encoding
 * and JSON would write it, alone or within a longer text.
 */

const mask = '[secret]';
/** Shorter texts would be found everywhere. */
const shortestSecret = 6;
/** The part of a base64 text that does not depend on its neighbours; shorter ones would be found by chance. */
const shortestBase64 = 8;

/** Gives the value with every secret in its strings and keys masked; the same value where there was none. */
export interface Redactor {
  <T>(value: T): T;
  /** For text that comes in pieces. */
  stream(): TextRedactor;
}

/** What is looked for, worked out once for each set of secrets: runs begin far more often than secrets change. */
interface Search {
  values: readonly string[];
  /** Empty where there is nothing to look for. */
  forms: readonly string[];
  pattern: RegExp;
  longest: number;
  /** Code units that some form begins with. */
  beginnings: ReadonlySet<number>;
}

let latestSearch: Search | undefined;

function searchFor(values: readonly string[]): Search {
  const latest = latestSearch;
  if (latest && latest.values.length === values.length && latest.values.every((value, index) => value === values[index])) return latest;
  const forms = secretForms(values);
  const beginnings = new Set(forms.map((form) => form.charCodeAt(0)));
  latestSearch = { values: [...values], forms, pattern: patternOf(forms), longest: Math.max(0, ...forms.map((form) => form.length)), beginnings };
  return latestSearch;
}

/** A redactor for these secrets, those of fewer than 6 characters left out. */
export function createRedactor(values: readonly string[]): Redactor {
  const search = searchFor(values);
  const stream = () => createTextRedactor(values);
  if (search.forms.length === 0) return Object.assign(<T>(value: T) => value, { stream });
  // Nearly every value holds no secret: it is only looked through, and copied where one was found.
  return Object.assign(<T>(value: T) => (holdsSecret(value, search.pattern) ? (masked(value, search.pattern) as T) : value), { stream });
}

function holdsSecret(value: unknown, pattern: RegExp): boolean {
  if (typeof value === 'string') {
    if (value.length < shortestSecret) return false;
    pattern.lastIndex = 0;
    return pattern.test(value);
  }
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (holdsSecret(item, pattern)) return true;
    return false;
  }
  for (const key in value) if (holdsSecret(key, pattern) || holdsSecret((value as Record<string, unknown>)[key], pattern)) return true;
  return false;
}

function masked(value: unknown, pattern: RegExp): unknown {
  if (!holdsSecret(value, pattern)) return value;
  if (typeof value === 'string') return value.replace(pattern, mask);
  if (Array.isArray(value)) return value.map((item) => masked(item, pattern));
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [masked(key, pattern), masked(item, pattern)]));
}

/** Masks secrets in text that comes in pieces, also those cut in two. */
export interface TextRedactor {
  /** The text that is safe to tell by now: what may be the beginning of a secret is kept back. */
  push(text: string): string;
  /** What was kept back. */
  end(): string;
}

export function createTextRedactor(values: readonly string[]): TextRedactor {
  const { forms, pattern, longest, beginnings } = searchFor(values);
  if (forms.length === 0) return { push: (text) => text, end: () => '' };
  let kept = '';

  /** Where, from `from` on, a secret may have begun that is not whole yet; the end where none has. */
  const openStart = (from: number) => {
    for (let start = Math.max(from, kept.length - longest + 1); start < kept.length; start += 1) {
      if (!beginnings.has(kept.charCodeAt(start))) continue;
      const rest = kept.slice(start);
      if (forms.some((form) => form.length > rest.length && form.startsWith(rest))) return start;
    }
    return kept.length;
  };
  return {
    push(text) {
      kept += text;
      let told = '';
      let position = 0;
      for (;;) {
        const open = openStart(position);
        pattern.lastIndex = position;
        const match = pattern.exec(kept);
        if (!match || match.index >= open) {
          told += kept.slice(position, open);
          kept = kept.slice(open);
          return told;
        }
        told += kept.slice(position, match.index) + mask;
        position = match.index + match[0].length;
      }
    },
    end() {
      const rest = kept.replace(pattern, mask);
      kept = '';
      return rest;
    },
  };
}

/** Every way a secret may be written, the longest first, so that a secret which begins like another is masked whole. */
function secretForms(values: readonly string[]): string[] {
  const forms = new Set(values.filter((value) => value.length >= shortestSecret).flatMap(formsOf));
  return [...forms].sort((a, b) => b.length - a.length);
}

function formsOf(secret: string): string[] {
  const wellFormed = secret.toWellFormed();
  const percent = encodeURIComponent(wellFormed);
  // Some encode more than a path needs, and a form's fields are encoded in a way of their own.
  const strict = percent.replaceAll(/[!'()*~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  const asField = new URLSearchParams({ a: wellFormed }).toString().slice(2);
  const encoded = [percent, strict, asField, asField.replaceAll('+', '%20'), encodeURI(wellFormed)];
  const quoted = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    quoted,
    quoted.replaceAll('/', '\\/'),
    JSON.stringify(quoted).slice(1, -1),
    ...encoded,
    ...encoded.map((form) => form.replaceAll(/%[0-9A-F]{2}/g, (part) => part.toLowerCase())),
    ...base64Forms(wellFormed),
  ];
}

/** The characters that only the secret decides, where 0, 1 or 2 bytes stand before it in a longer base64 text: a user name, for example. */
function base64Forms(secret: string): string[] {
  const inner = [0, 1, 2].map((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    return bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
  });
  return inner.filter((form) => form.length >= shortestBase64).flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}

function patternOf(forms: readonly string[]): RegExp {
  return new RegExp(forms.map((form) => RegExp.escape(form)).join('|'), 'g');
}
