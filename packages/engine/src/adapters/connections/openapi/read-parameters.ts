/** The parameters of an operation: which there are, and how each is sent. */
import { isJsonObject, type DescribedOperation, type Json, type JsonObject, type Schema, type ValueStyle } from '@switchyard/shared';
import { unusedName } from './names.ts';
import type { References } from './references.ts';
import type { SchemaShelf } from './schema-shelf.ts';

/** Set by the transport or by the connection. */
const reserved: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization', 'host', 'content-length', 'cookie']);

export interface ReadParameters {
  parameters: DescribedOperation['parameters'];
  properties: Record<string, Schema>;
  required: string[];
  /** Why the operation cannot be called. */
  refusal?: string;
}

export interface Means {
  references: References;
  shelf: SchemaShelf;
}

export function readParameters(written: readonly JsonObject[], { references, shelf }: Means): ReadParameters {
  const read: ReadParameters = { parameters: [], properties: {}, required: [] };
  for (const parameter of written) {
    const { name, in: place } = parameter;
    if (typeof name !== 'string' || name === '') continue;
    const isRequired = parameter.required === true || place === 'path';
    const refusal = refusalOf(parameter, name);
    if (refusal !== undefined && isRequired) read.refusal ??= refusal;
    if (refusal !== undefined || (place !== 'path' && place !== 'query' && place !== 'header') || (place === 'header' && reserved.has(name.toLowerCase())))
      continue;
    const property = unusedName(name, (taken) => taken === 'body' || Object.hasOwn(read.properties, taken));
    const content = contentOf(parameter.content, references);
    const style = content ? 'json' : styleOf(parameter, place);
    read.properties[property] = described(shelf.clean(parameter.schema ?? content?.schema), parameter.description);
    if (isRequired) read.required.push(property);
    read.parameters.push({ property, name, in: place, ...(style !== undefined && { style }) });
  }
  return read;
}

function refusalOf({ in: place, style }: JsonObject, name: string): string | undefined {
  if (place === 'cookie') return `its parameter "${name}" is a cookie, and cookies are not sent`;
  if (place === 'path' && (style === 'matrix' || style === 'label')) return `its parameter "${name}" is written in the style ${style}, which is not sent`;
  return undefined;
}

/** The first JSON that a parameter of media types takes. */
function contentOf(content: Json | undefined, references: References): JsonObject | undefined {
  const types = Object.entries(references.object(content));
  const json = types.find(([type]) => /[/+]json\b/i.test(type)) ?? types[0];
  return json && references.object(json[1]);
}

/** Undefined for what is usual in its place: repeated in the query, joined by commas elsewhere. */
export function styleOf({ style, explode }: JsonObject, place: 'path' | 'query' | 'header' = 'query'): ValueStyle | undefined {
  if (place !== 'query') return undefined;
  if (style === 'deepObject') return 'brackets';
  if (style === 'spaceDelimited') return explode === true ? undefined : 'space';
  if (style === 'pipeDelimited') return explode === true ? undefined : 'pipe';
  return explode === false ? 'comma' : undefined;
}

export function described(schema: Schema, description: Json | undefined): Schema {
  return typeof description === 'string' && description !== '' && schema.description === undefined
    ? { ...schema, description: description.slice(0, 300) }
    : schema;
}

/** Those of the operation stand in for those of its path that have the same name and place. One that is a body in disguise is not among them. */
export function writtenParameters(item: JsonObject, operation: JsonObject, references: References): { parameters: JsonObject[]; bodies: JsonObject[] } {
  const all = [item.parameters, operation.parameters].flatMap((list) => (Array.isArray(list) ? list.map((each) => references.object(each)) : []));
  const isBody = (each: JsonObject) => each.in === undefined && isJsonObject(each.content ?? null);
  const parameters = all.filter((each) => !isBody(each));
  return {
    parameters: [...new Map(parameters.map((parameter) => [`${String(parameter.in)} ${String(parameter.name)}`, parameter])).values()],
    bodies: all.filter(isBody),
  };
}
