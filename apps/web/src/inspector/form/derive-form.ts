/** The form of a node, derived from its kind's JSON Schema and the widgets named in it. Pure; knows no kind. */
import type { Kind } from '@switchyard/engine';
import { isJsonObject, type Json, type Schema } from '@switchyard/shared';
import { z } from 'zod';

export type Control =
  | { sort: 'template' | 'expression' | 'model' | 'flow' | 'schema' | 'fields' | 'switch' | 'json' }
  | { sort: 'connection'; types: string[] }
  | { sort: 'source'; language: 'javascript' | 'sql' }
  | { sort: 'choice'; options: Json[] }
  | { sort: 'number'; isWhole: boolean; least?: number; most?: number }
  /** `isLong` where several lines may be written. */
  | { sort: 'text'; isLong: boolean }
  | { sort: 'list'; item: Control }
  | { sort: 'record'; value: Control }
  | { sort: 'group'; fields: FormField[] };

export interface FormField {
  name: string;
  title: string;
  help?: string;
  isRequired: boolean;
  default?: Json;
  control: Control;
}

const forms = new WeakMap<Kind, FormField[]>();

/** The fields of a kind's configuration, in the order of its schema. */
export function kindForm(kind: Kind): FormField[] {
  let form = forms.get(kind);
  if (!form) {
    form = deriveForm(z.toJSONSchema(kind.config, { io: 'input', unrepresentable: 'any' }) as Schema);
    forms.set(kind, form);
  }
  return form;
}

/** The fields of an object's JSON Schema. */
export function deriveForm(schema: Schema): FormField[] {
  return fieldsOf(schema, { definitions: isJsonObject(schema.$defs) ? schema.$defs : {}, seen: [] });
}

/** References met on the way down: one met twice is a value of any depth. */
interface Way {
  definitions: Schema;
  seen: readonly string[];
}

function fieldsOf(schema: Schema, way: Way): FormField[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(isJsonObject(schema.properties) ? schema.properties : {}).flatMap(([name, property]) => {
    if (!isJsonObject(property)) return [];
    const field: FormField = {
      name,
      title: typeof property.title === 'string' ? property.title : titleOf(name),
      isRequired: required.includes(name),
      control: controlOf(property, way),
    };
    if (typeof property.description === 'string') field.help = property.description;
    if (property.default !== undefined) field.default = property.default;
    return [field];
  });
}

function controlOf(schema: Schema, way: Way): Control {
  if (typeof schema.widget === 'string') return widgetControl(schema.widget, schema);
  if (typeof schema.$ref === 'string') return referenced(schema.$ref, way);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) return alternativesControl(alternatives.filter(isJsonObject), way);
  if (Array.isArray(schema.enum)) return { sort: 'choice', options: schema.enum };
  if ('const' in schema) return { sort: 'choice', options: [schema.const as Json] };
  return typeControl(schema, way);
}

function widgetControl(widget: string, schema: Schema): Control {
  switch (widget) {
    case 'template':
    case 'expression':
    case 'model':
    case 'flow':
    case 'schema':
    case 'fields':
      return { sort: widget };
    case 'connection':
      return { sort: 'connection', types: Array.isArray(schema.connectionTypes) ? schema.connectionTypes.filter((type) => typeof type === 'string') : [] };
    case 'source':
      return { sort: 'source', language: schema.language === 'sql' ? 'sql' : 'javascript' };
    default:
      return { sort: 'json' };
  }
}

function referenced(reference: string, way: Way): Control {
  const name = reference.replace('#/$defs/', '');
  const target = way.definitions[name];
  if (!isJsonObject(target) || way.seen.includes(name)) return { sort: 'json' };
  return controlOf(target, { ...way, seen: [...way.seen, name] });
}

/** Choices among constants are a choice; one or several of the same are a list; among other shapes, the one with a widget serves, else JSON. */
function alternativesControl(alternatives: Schema[], way: Way): Control {
  const real = alternatives.filter((each) => each.type !== 'null');
  const several = real.length === 2 ? real.find((each) => each.type === 'array' && isJsonObject(each.items)) : undefined;
  const one = several && real.find((each) => each !== several);
  if (one && JSON.stringify(controlOf(one, way)) === JSON.stringify(controlOf(several.items as Schema, way))) return controlOf(several, way);
  if (real.length === 1) return controlOf(real[0] as Schema, way);
  if (real.length > 0 && real.every((each) => 'const' in each)) return { sort: 'choice', options: real.map((each) => each.const as Json) };
  const special = real.find((each) => typeof each.widget === 'string');
  return special ? controlOf(special, way) : { sort: 'json' };
}

function typeControl(schema: Schema, way: Way): Control {
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((type) => type !== 'null');
  const type = types.length === 1 ? types[0] : undefined;
  switch (type) {
    case 'boolean':
      return { sort: 'switch' };
    case 'number':
    case 'integer':
      return {
        sort: 'number',
        isWhole: type === 'integer',
        ...(typeof schema.minimum === 'number' && schema.minimum > -(2 ** 53) + 1 && { least: schema.minimum }),
        ...(typeof schema.maximum === 'number' && schema.maximum < 2 ** 53 - 1 && { most: schema.maximum }),
      };
    case 'string':
      return {
        sort: 'text',
        isLong: schema.minLength === undefined && schema.pattern === undefined && (typeof schema.maxLength !== 'number' || schema.maxLength > 200),
      };
    case 'array':
      return isJsonObject(schema.items) ? { sort: 'list', item: controlOf(schema.items, way) } : { sort: 'json' };
    case 'object':
      if (isJsonObject(schema.properties)) return { sort: 'group', fields: fieldsOf(schema, way) };
      return isJsonObject(schema.additionalProperties) ? { sort: 'record', value: controlOf(schema.additionalProperties, way) } : { sort: 'json' };
    default:
      return { sort: 'json' };
  }
}

/** "callsPerTurn" reads "Calls per turn". */
function titleOf(name: string): string {
  const words = name
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The value of an item fresh in a list or a record. */
export function freshValue(control: Control): Json {
  switch (control.sort) {
    case 'group': {
      const required = control.fields.filter((field) => field.isRequired);
      return Object.fromEntries(required.map((field) => [field.name, field.default ?? freshValue(field.control)]));
    }
    case 'list':
      return [];
    case 'record':
    case 'schema':
    case 'fields':
      return {};
    case 'switch':
      return false;
    case 'number':
      return control.least ?? 0;
    case 'choice':
      return control.options[0] ?? null;
    case 'json':
      return null;
    default:
      return '';
  }
}

/** Whether the field leaves nothing to choose: one option, which it has. */
export function isSettled(field: FormField, value: Json | undefined): boolean {
  const { control } = field;
  return control.sort === 'choice' && control.options.length === 1 && (value === undefined || value === control.options[0]);
}
