/** The form of a connection type: its fields in order, from the type's JSON Schema. A new type needs nothing here. Pure. */
import { connectionGroups, connectionTypes, secretRefSchema, type ConnectionType } from '@switchyard/shared';
import { z } from 'zod';

/** What a field is written with. */
export type FieldControl =
  /** `lines` is a list of texts, one a line; `long` is one text of several lines. */
  | { sort: 'text' | 'long' | 'lines' | 'number' | 'switch' | 'secret' | 'text-or-secret' }
  | { sort: 'choice'; options: readonly string[] }
  /** A model of the workspace, or a connection that does one of `that`: see `connectionDoes` of shared. */
  | { sort: 'model' }
  | { sort: 'connection'; that: readonly string[] }
  /** Names with values; with `mayBeSecret`, each value is text or a secret. */
  | { sort: 'map'; entry: string; namePattern?: string; mayBeSecret: boolean };

export interface FormField {
  name: string;
  title: string;
  help: string | undefined;
  placeholder: string | undefined;
  control: FieldControl;
  isRequired: boolean;
  isAdvanced: boolean;
  isCode: boolean;
  /** Takes half a row. */
  isShort: boolean;
  /** What holds where nothing is given. */
  fallback: string | number | boolean | undefined;
}

interface PropertySchema {
  type?: string;
  enum?: unknown[];
  items?: { type?: string };
  title?: string;
  description?: string;
  default?: unknown;
  placeholder?: string;
  widget?: string;
  connectionsThat?: string[];
  entry?: string;
  namePattern?: string;
  isAdvanced?: true;
  isLong?: true;
  isCode?: true;
  isShort?: true;
  isNeeded?: true;
  isFileOnly?: true;
  isKept?: true;
}

const formsByType = new Map<string, readonly FormField[]>();

/** Fields of the type, without its limits: those stand in every form. */
export function formOf(type: ConnectionType): readonly FormField[] {
  const known = formsByType.get(type.type);
  if (known) return known;
  const { properties = {}, required = [] } = z.toJSONSchema(type.schema, { io: 'input' }) as {
    properties?: Record<string, PropertySchema>;
    required?: string[];
  };
  const form = Object.entries(properties).flatMap(([name, schema]) =>
    name === 'type' || name === 'limits' || schema.isFileOnly || schema.isKept
      ? []
      : [fieldOf(name, schema, schema.isNeeded === true || required.includes(name))],
  );
  formsByType.set(type.type, form);
  return form;
}

/** Whether what such a connection offers has to be accepted, so that a person should see it. */
export function acceptsOffers({ schema }: ConnectionType): boolean {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' }) as { properties?: Record<string, PropertySchema> };
  return Object.values(properties).some(({ isKept }) => isKept);
}

function fieldOf(name: string, schema: PropertySchema, isRequired: boolean): FormField {
  const fallback = ['string', 'number', 'boolean'].includes(typeof schema.default) ? (schema.default as string | number | boolean) : undefined;
  return {
    name,
    title: schema.title ?? name,
    help: helpOf(schema),
    placeholder: schema.placeholder ?? (fallback === undefined || fallback === '' ? undefined : String(fallback)),
    control: controlOf(schema),
    isRequired,
    isAdvanced: schema.isAdvanced === true,
    isCode: schema.isCode === true,
    isShort: schema.isShort === true,
    fallback,
  };
}

/** What a document says of a secret by its name is not true of the form, which takes the secret itself. */
function helpOf({ widget, description }: PropertySchema): string | undefined {
  return widget === 'secret' && description === secretRefSchema.meta()?.description ? 'Kept encrypted; never shown again.' : description;
}

function controlOf(schema: PropertySchema): FieldControl {
  const { widget, type, entry = 'entry', namePattern } = schema;
  if (widget === 'secret' || widget === 'text-or-secret') return { sort: widget };
  if (widget === 'model') return { sort: 'model' };
  if (widget === 'connection') return { sort: 'connection', that: schema.connectionsThat ?? [] };
  if (type === 'object') return { sort: 'map', entry, mayBeSecret: widget === 'secret-map', ...(namePattern !== undefined && { namePattern }) };
  if (schema.enum) return { sort: 'choice', options: schema.enum.map(String) };
  if (type === 'integer' || type === 'number') return { sort: 'number' };
  if (type === 'boolean') return { sort: 'switch' };
  return { sort: type === 'array' ? 'lines' : schema.isLong ? 'long' : 'text' };
}

/** Types that a person can add, by group, of those `among`; those that `words` do not speak of are left out. */
export function offeredTypes(words: string, among?: readonly string[]): { group: string; types: ConnectionType[] }[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const offered = [...connectionTypes.values()].filter(({ isShipped, ...type }) => {
    const text = [type.type, type.title, type.description, type.group].join(' ').toLowerCase();
    return !isShipped && (among?.includes(type.type) ?? true) && wanted.every((word) => text.includes(word));
  });
  return connectionGroups.flatMap((group) => {
    const types = offered.filter((type) => type.group === group);
    return types.length > 0 ? [{ group, types }] : [];
  });
}
