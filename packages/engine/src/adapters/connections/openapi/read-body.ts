/** The body of an operation: the media type that it is sent as, its schema, and how the fields of a form are written. */
import { isJsonObject, type DescribedBody, type Json, type JsonObject, type Schema, type ValueStyle } from '@switchyard/shared';
import { described, styleOf, type Means } from './read-parameters.ts';

/** `refusal` says why the operation cannot be called. */
export type ReadBody = { body: DescribedBody; schema: Schema; isRequired: boolean } | { refusal: string } | undefined;

/** What can be sent, what is liked best first. */
const sendable: readonly { as: DescribedBody['as']; pattern: RegExp }[] = [
  { as: 'json', pattern: /^application\/json\b/i },
  { as: 'json', pattern: /^[a-z]+\/[\w.-]+\+json\b/i },
  { as: 'form', pattern: /^application\/x-www-form-urlencoded\b/i },
  { as: 'multipart', pattern: /^multipart\/form-data\b/i },
  { as: 'text', pattern: /^text\//i },
];

/** `written` are the places where a body is written: one, or in version 2 several that are one form together. */
export function readBody(written: readonly JsonObject[], means: Means): ReadBody {
  const media = mediaOf(written, means);
  if (media.length === 0) return undefined;
  const isRequired = written.some(({ required }) => required === true);
  let refusal: string | undefined;
  for (const { as, pattern } of sendable) {
    const fitting = media.filter(({ type }) => pattern.test(type));
    if (fitting.length === 0) continue;
    const read = as === 'form' || as === 'multipart' ? readForm(as, fitting, means) : readWhole(as, fitting[0] as Media, means);
    if ('refusal' in read) {
      refusal ??= read.refusal;
      continue;
    }
    // A form without fields that may be left out is how some services write that there is no body.
    if (!isRequired && as !== 'json' && isEmptyForm(read.schema)) return undefined;
    const description = written.find((each) => typeof each.description === 'string')?.description;
    // Version 2 has no word for it: a form with a field that is needed is needed.
    const isNeeded = isRequired || (written.every(({ required }) => required === undefined) && as !== 'json' && read.schema.required !== undefined);
    return { body: read.body, schema: described(read.schema, description), isRequired: isNeeded };
  }
  if (refusal !== undefined) return { refusal };
  const types = media.map(({ type }) => type).slice(0, 3);
  return isRequired ? { refusal: `its body is ${types.join(' or ')}, which is not sent` } : undefined;
}

function isEmptyForm({ properties }: Schema): boolean {
  return isJsonObject(properties ?? null) && Object.keys(properties as JsonObject).length === 0;
}

interface Media {
  type: string;
  schema: Json | undefined;
  encoding: JsonObject;
}

function mediaOf(written: readonly JsonObject[], { references }: Means): Media[] {
  return written.flatMap(({ content }) =>
    Object.entries(references.object(content)).map(([type, about]) => {
      const { schema, encoding } = references.object(about);
      return { type, schema, encoding: isJsonObject(encoding ?? null) ? (encoding as JsonObject) : {} };
    }),
  );
}

function readWhole(as: 'json' | 'text', { type, schema }: Media, { shelf }: Means): { body: DescribedBody; schema: Schema } {
  return { body: { as, type }, schema: as === 'text' ? { type: 'string' } : shelf.clean(schema) };
}

/** All fields on one level: what a form's schema is made of by allOf is put together. */
function readForm(as: 'form' | 'multipart', media: readonly Media[], means: Means): { body: DescribedBody; schema: Schema } | { refusal: string } {
  const properties: Record<string, Schema> = {};
  const required = new Set<string>();
  const styles: Record<string, ValueStyle> = {};
  const files: string[] = [];
  const isOpen = media.some(({ schema }) => takesAny(means.references.object(schema)));
  for (const { schema, encoding } of media) {
    const fields = fieldsOf(schema, means);
    for (const [name, field] of fields.properties) {
      if (isFile(field, encoding[name], means)) {
        if (fields.required.has(name)) return { refusal: `its body needs the file "${name}", and files are not sent` };
        files.push(name);
        continue;
      }
      properties[name] = means.shelf.clean(field);
      const style = fieldStyle(means.references.object(encoding[name]));
      if (style !== undefined) styles[name] = style;
    }
    for (const name of fields.required) required.add(name);
  }
  if (files.length > 0 && Object.keys(properties).length === 0) return { refusal: `its body is the file "${files[0]}", and files are not sent` };
  const type = as === 'form' ? 'application/x-www-form-urlencoded' : 'multipart/form-data';
  return {
    body: { as, type, ...(Object.keys(styles).length > 0 && { styles }) },
    schema: {
      type: 'object',
      ...((!isOpen || files.length > 0 || Object.keys(properties).length > 0) && { properties }),
      ...(required.size > 0 && { required: [...required] }),
    },
  };
}

/** Fields of any name: it says so, or says nothing of its fields. */
function takesAny({ properties, allOf, additionalProperties }: JsonObject): boolean {
  return isJsonObject(additionalProperties ?? null) || additionalProperties === true || (properties === undefined && allOf === undefined);
}

interface Fields {
  properties: [string, Json][];
  required: Set<string>;
}

function fieldsOf(value: Json | undefined, means: Means, depth = 0): Fields {
  const schema = means.references.object(value);
  const own = isJsonObject(schema.properties ?? null) ? Object.entries(schema.properties as JsonObject).filter(([name]) => name !== '__proto__') : [];
  const required = Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === 'string') : [];
  const parts = depth < 5 && Array.isArray(schema.allOf) ? schema.allOf.map((part) => fieldsOf(part, means, depth + 1)) : [];
  return {
    properties: [...parts.flatMap((part) => part.properties), ...own],
    required: new Set([...parts.flatMap((part) => [...part.required]), ...required]),
  };
}

/** A file, as each version says it: bytes that are no text. */
function isFile(value: Json, encoding: Json | undefined, { references }: Pick<Means, 'references'>, depth = 0): boolean {
  const schema = references.object(value);
  const { contentType } = references.object(encoding);
  if (typeof contentType === 'string') return !/^(?:text\/|application\/(?:[\w.-]+\+)?json|application\/x-www-form-urlencoded)/i.test(contentType);
  if (schema.contentEncoding === undefined && typeof schema.contentMediaType === 'string' && !/^text\/|json/i.test(schema.contentMediaType)) return true;
  if (schema.format === 'binary') return true;
  return depth < 3 && schema.type === 'array' && isFile(schema.items ?? null, undefined, { references }, depth + 1);
}

function fieldStyle(encoding: JsonObject): ValueStyle | undefined {
  if (typeof encoding.contentType === 'string' && /json/i.test(encoding.contentType)) return 'json';
  if (encoding.style === undefined && encoding.explode === undefined) return undefined;
  return styleOf(encoding) ?? 'repeat';
}
