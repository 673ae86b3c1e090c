/** What a run is asked for, and what was typed for it as the values that the fields want. Pure. */
import { fromText, schemaTypes, type Kind, type Ports } from '@switchyard/engine';
import type { Flow, FlowNode, Json, JsonObject, Schema } from '@switchyard/shared';

export interface InputField {
  name: string;
  /** The entry that asks for it. */
  node: string;
  title: string;
  schema: Schema;
  isRequired: boolean;
  /** Values to try, from the schema's `examples`. */
  samples: Json[];
}

/** What a field is typed into. */
export type InputControl = 'text' | 'number' | 'switch' | 'choice' | 'json';

interface Face {
  kind: Kind | undefined;
  ports: Ports;
}

/** Fields of every entry of the flow: the entries as they stand on the canvas, from the top. */
export function inputFields(flow: Flow, face: (node: FlowNode) => Face): InputField[] {
  const heightOf = ([node]: [string, FlowNode]) => flow.layout?.[node]?.[1] ?? 0;
  const entries = Object.entries(flow.nodes).filter(([, content]) => face(content).kind?.role === 'entry');
  return entries
    .sort((one, other) => heightOf(one) - heightOf(other) || byCodeUnit(one[0], other[0]))
    .flatMap(([node, content]) => askedFields(node, face(content).ports.outputs));
}

/**
 * Fields of one entry, or of a question to a person. A document keeps no order of its free keys, and as they were written they stand only until it is
 * opened again. So the order is one that anybody can tell from the form: what must be given, then what may be left empty, each by its name.
 */
export function askedFields(node: string, fields: Readonly<Record<string, Schema>>): InputField[] {
  return Object.entries(fields)
    .map(([name, schema]) => inputField(node, name, schema))
    .sort((one, other) => Number(other.isRequired) - Number(one.isRequired) || byCodeUnit(one.name, other.name));
}

function byCodeUnit(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function inputField(node: string, name: string, schema: Schema): InputField {
  return {
    name,
    node,
    schema,
    title: typeof schema.title === 'string' && schema.title !== '' ? schema.title : name,
    isRequired: !('default' in schema) && !(schemaTypes(schema)?.includes('null') ?? false),
    samples: Array.isArray(schema.examples) ? schema.examples.slice(0, 8) : [],
  };
}

/** The control that suits a field's schema. */
export function inputControl(schema: Schema): InputControl {
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return 'choice';
  const types = (schemaTypes(schema) ?? []).filter((type) => type !== 'null');
  if (types.length === 0 || types.includes('string')) return 'text';
  if (types.length === 1 && types[0] === 'boolean') return 'switch';
  return types.every((type) => type === 'number' || type === 'integer') ? 'number' : 'json';
}

/** What a run is known by in a list: the first text that it was given, else the first value; empty where it was given nothing. */
export function runTitle(inputs: JsonObject): string {
  const values = Object.values(inputs);
  return inputText(values.find((value) => typeof value === 'string' && value !== '') ?? values[0]);
}

/** A value as the text of its control. */
export function inputText(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The inputs of a run, or what is wrong with what was typed, by field name. A field left empty takes its default. */
export function readInputs(fields: readonly InputField[], typed: JsonObject): { inputs: JsonObject; mistakes: Record<string, string> } {
  const inputs: JsonObject = {};
  const mistakes: Record<string, string> = {};
  for (const field of fields) {
    const given = Object.hasOwn(typed, field.name) ? typed[field.name] : undefined;
    const value = given === undefined && inputControl(field.schema) === 'switch' && field.isRequired ? false : given;
    if (value === undefined || (typeof value === 'string' && value.trim() === '')) {
      if (field.isRequired) mistakes[field.name] = `Fill in "${field.title}" first${field.samples.length > 0 ? ', or take a sample' : ''}.`;
      continue;
    }
    try {
      inputs[field.name] = typeof value === 'string' ? readText(field, value) : value;
    } catch (error) {
      mistakes[field.name] = `${(error as Error).message}.`;
    }
  }
  return { inputs, mistakes };
}

/** A choice among values that are not all texts is typed as JSON. */
function readText({ schema }: InputField, text: string): Json {
  if (!Array.isArray(schema.enum)) return fromText(schema, text);
  return schema.enum.find((value) => inputText(value) === text) ?? text;
}
