/** What does not fit in a node's settings, said by the setting's title, as its form shows it. */
import { isJsonObject, issueDiagnostics, type Diagnostic, type Json, type Schema } from '@switchyard/shared';
import type { z } from 'zod';
import type { Kind } from '../node.ts';
import { configSchema } from '../config-fields.ts';

/** Diagnostics of one issue of the config of node `id`. */
export function settingMistakes(kind: Kind, id: string, issue: z.core.$ZodIssue): Diagnostic[] {
  const told = issueDiagnostics(issue, ['nodes', id, 'config'], 'config-invalid');
  if (issue.code === 'unrecognized_keys') return told.map(withTakingOut);
  const message = isLeftOut(issue) ? askAt(configSchema(kind), issue.path) : undefined;
  return message === undefined ? told : told.map((diagnostic) => ({ ...diagnostic, message }));
}

/** No form shows what no kind knows, so nobody could take it out by hand. */
function withTakingOut(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, fix: { title: 'Take it out', patch: [{ op: 'remove', path: diagnostic.path }] } };
}

/** Nothing stands there, or an empty text. */
function isLeftOut(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'too_small') return issue.minimum === 1 && issue.origin === 'string';
  return issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
}

/** An item of a list has no title: it is named by its place. */
function askAt(schema: Schema, path: readonly PropertyKey[]): string | undefined {
  const setting = settingAt(schema, path);
  const last = path.at(-1);
  if (typeof last !== 'number') return setting && askFor(setting);
  const list = settingAt(schema, path.slice(0, -1));
  return typeof list?.title === 'string' ? `Fill in item ${last + 1} of "${list.title}", or remove it.` : undefined;
}

function askFor({ title, widget }: Schema): string | undefined {
  if (typeof title !== 'string') return undefined;
  if (widget !== 'connection' && widget !== 'model' && widget !== 'flow') return `Fill in "${title}".`;
  const label = title.charAt(0).toLowerCase() + title.slice(1);
  return `Choose ${/^[aeiou]/.test(label) ? 'an' : 'a'} ${label}.`;
}

/** The setting's schema; undefined where alternatives or references hide it. */
function settingAt(schema: Schema, path: readonly PropertyKey[]): Schema | undefined {
  let at: Json | undefined = schema;
  for (const key of path) {
    if (!isJsonObject(at)) return undefined;
    if (typeof key === 'number') at = at.items;
    else at = isJsonObject(at.properties) && Object.hasOwn(at.properties, String(key)) ? at.properties[String(key)] : undefined;
  }
  return isJsonObject(at) ? at : undefined;
}
