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

/** A redactor for these secrets, those of fewer than 6 characters left out. */
export function createRedactor(values: readonly string[]): Redactor {
  const forms = secretForms(values);
  const stream = () => createTextRedactor(values);
  if (forms.length === 0) return Object.assign(<T>(value: T) => value, { stream });
  const pattern = patternOf(forms);
  const redactText = (text: string) => (text.length < shortestSecret ? text : text.replace(pattern, mask));
  const redact = (value: unknown): unknown => {
    if (typeof value === 'string') return redactText(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const redacted = value.map(redact);
      return redacted.some((item, index) => item !== value[index]) ? redacted : value;
    }
    let isChanged = false;
    const entries = Object.entries(value).map(([key, item]) => {
      const entry = [redactText(key), redact(item)] as const;
      isChanged ||= entry[0] !== key || entry[1] !== item;
      return entry;
    });
    return isChanged ? Object.fromEntries(entries) : value;
  };
  return Object.assign(redact as <T>(value: T) => T, { stream });
}

/** Masks secrets in text that comes in pieces, also those cut in two. */
export interface TextRedactor {
  /** The text that is safe to tell by now: what may be the beginning of a secret is kept back. */
  push(text: string): string;
  /** What was kept back. */
  end(): string;
}

export function createTextRedactor(values: readonly string[]): TextRedactor {
  const forms = secretForms(values);
  if (forms.length === 0) return { push: (text) => text, end: () => '' };
  const pattern = patternOf(forms);
  const longest = Math.max(...forms.map((form) => form.length));
  let kept = '';

  /** Where, from `from` on, a secret may have begun that is not whole yet; the end where none has. */
  const openStart = (from: number) => {
    for (let start = Math.max(from, kept.length - longest + 1); start < kept.length; start += 1) {
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
