/** A body in the way that its operation takes it: as JSON, as a form, or as text. */
import {
  FailureError,
  failure,
  isJsonObject,
  type DescribedOperation,
  type FetchRequest,
  type Json,
  type JsonObject,
  type ValueStyle,
} from '@switchyard/shared';
import { pairsOf, textOf } from './encode-values.ts';

/** Throws `request-invalid` where the body is not what a form can hold. */
export function encodeBody({ name, body: how }: Pick<DescribedOperation, 'name' | 'body'>, body: Json): Pick<FetchRequest, 'body' | 'headers'> {
  if (!how) return { body };
  if (how.as === 'json') return { body: JSON.stringify(body), headers: { 'content-type': how.type } };
  if (how.as === 'text') return { body: textOf(body), headers: { 'content-type': how.type } };
  if (!isJsonObject(body))
    throw new FailureError(failure('request-invalid', `The body of "${name}" is sent as a form, and must be an object with its fields. Give one.`));
  return how.as === 'form' ? formOf(body, how.styles ?? {}) : multipartOf(body, how.styles ?? {});
}

type Styles = Readonly<Record<string, ValueStyle>>;

function formOf(body: JsonObject, styles: Styles): Pick<FetchRequest, 'body' | 'headers'> {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) for (const [key, text] of pairsOf(name, value, styleOf(styles, name, value))) fields.append(key, text);
  return { body: fields.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } };
}

function styleOf(styles: Styles, name: string, value: Json): ValueStyle {
  if (Object.hasOwn(styles, name)) return styles[name] as ValueStyle;
  return Array.isArray(value) && value.every((item) => typeof item !== 'object') ? 'repeat' : 'brackets';
}

/** Text fields alone: a list is its field repeated, an object JSON. */
function multipartOf(body: JsonObject, styles: Styles): Pick<FetchRequest, 'body' | 'headers'> {
  const parts = Object.entries(body).flatMap(([name, value]) => {
    const style = Object.hasOwn(styles, name) ? (styles[name] as ValueStyle) : Array.isArray(value) ? 'repeat' : 'json';
    return pairsOf(name, value, style).map(([key, text]) => ({
      name: key,
      text,
      isJson: typeof value === 'object' && (style === 'json' || isObject(value, text)),
    }));
  });
  const written = parts.map(
    ({ name, text, isJson }) =>
      `Content-Disposition: form-data; name="${quoted(name)}"\r\n${isJson ? 'Content-Type: application/json\r\n' : ''}\r\n${text}\r\n`,
  );
  let boundary = 'switchyard';
  // The same body gets the same boundary, so that a resumed run sends the same.
  while (written.some((part) => part.includes(boundary))) boundary += `-${written.length}`;
  const text = `${written.map((part) => `--${boundary}\r\n${part}`).join('')}--${boundary}--\r\n`;
  return { body: text, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

/** Is an item of the list, written as this text, an object? */
function isObject(value: Json, text: string): boolean {
  return Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null && JSON.stringify(item) === text);
}

/** As browsers write a field's name. */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
