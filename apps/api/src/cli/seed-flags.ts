/** The flags by which `run` begins from an earlier run. */
import { documentLimits, isJsonObject, jsonDepth, type Json, type JsonObject, type SeedRequest } from '@switchyard/shared';
import { CommandRefused } from './command.ts';

export const seedOptions = {
  of: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  only: { type: 'boolean' },
  pin: { type: 'string', multiple: true },
  edit: { type: 'string', multiple: true },
} as const;

export interface SeedFlags {
  of?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  only?: boolean | undefined;
  pin?: string[] | undefined;
  edit?: string[] | undefined;
  data?: string | undefined;
}

/** Undefined where no flag asks for a seed; throws a refusal where they do not go together. */
export function seedOf({ of, from, to, only, pin, edit, data }: SeedFlags): SeedRequest | undefined {
  if (of !== undefined && data === undefined) throw usage('--of names a run of a data folder: give that with --data.');
  if (of === undefined && (from !== undefined || edit)) throw usage('--from and --edit use the results of an earlier run: name it with --of.');
  if (only && from === undefined) throw usage('--only runs one node alone: name it with --from.');
  if (only && to !== undefined) throw usage('--only and --to do not go together: --only ends at the node of --from.');
  const pins = pin && Object.fromEntries(pin.map((text) => pair(text, '--pin NODE=JSON')).map(([node, value]) => [node, outputsOf(node, value)]));
  const edits = edit && Object.fromEntries(edit.map((text) => pair(text, '--edit KEY=JSON')));
  const seed: SeedRequest = {
    ...(of !== undefined && { of }),
    ...(from !== undefined && { from }),
    ...(only && { only }),
    ...(to !== undefined && { to }),
    ...(pins && { pins }),
    ...(edits && { edits }),
  };
  return Object.keys(seed).length > 0 ? seed : undefined;
}

/** The JSON that a flag gives; throws a refusal that names the flag. */
export function jsonOf(text: string, flag: string): Json {
  if (jsonDepth(text, documentLimits.depth) > documentLimits.depth) throw new CommandRefused(`${flag} is nested deeper than ${documentLimits.depth} levels.`);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new CommandRefused(`${flag} is not JSON: ${(error as Error).message}.`);
  }
}

/** The JSON object that a flag gives. */
export function jsonObjectOf(text: string, flag: string): JsonObject {
  const value = jsonOf(text, flag);
  if (!isJsonObject(value)) throw new CommandRefused(`${flag} is a JSON object.`);
  return value;
}

function pair(text: string, form: string): [string, Json] {
  const equals = text.indexOf('=');
  if (equals < 1) throw usage(`"${text}" is not ${form}.`);
  return [text.slice(0, equals), jsonOf(text.slice(equals + 1), `${form.split(' ')[0]} ${text.slice(0, equals)}`)];
}

function outputsOf(node: string, value: Json): JsonObject {
  if (isJsonObject(value)) return value;
  throw new CommandRefused(`--pin ${node} is a JSON object with a value for each output of the node, such as {"answer":"..."}.`);
}

function usage(message: string): CommandRefused {
  return new CommandRefused(message, { isUsage: true });
}
