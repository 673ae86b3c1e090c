/**
 * The tools of a server, as they are and as they were accepted.
 *
 * 1. A tool is offered and called only where its definition is the accepted one, to the letter: a server that changes what a tool says of itself, after
 *    somebody has read it, tells models something that nobody agreed to.
 * 2. What a refusal says holds where the two differ, and nothing of what the new definition says: that is for a person to read.
 */
import { FailureError, failure, stableText, type AcceptedTool, type Json, type JsonObject } from '@switchyard/shared';

/** By name. */
export type Tools = Readonly<Record<string, AcceptedTool>>;

/** A tool as the protocol gives it, as far as it is used. */
export interface ListedTool {
  name: string;
  description?: string | undefined;
  inputSchema: Record<string, unknown>;
  outputSchema?: Record<string, unknown> | undefined;
  annotations?: { readOnlyHint?: boolean | undefined; idempotentHint?: boolean | undefined } | undefined;
}

const longestDescription = 4000;

/** What of a tool is accepted, or not. */
export function definitionOf({ description = '', inputSchema, outputSchema, annotations = {} }: ListedTool): AcceptedTool {
  return {
    description: description.slice(0, longestDescription),
    input: inputSchema as JsonObject,
    ...(outputSchema && { output: outputSchema as JsonObject }),
    isReading: annotations.readOnlyHint === true,
    isIdempotent: annotations.idempotentHint === true,
  };
}

export interface Sorted {
  usable: Tools;
  /** Why the others are not, by name. */
  refused: Readonly<Record<string, string>>;
}

/** The tools that may be used, and why the others may not. */
export function sortTools(now: Tools, accepted: Tools | undefined): Sorted {
  const usable: Record<string, AcceptedTool> = {};
  const refused: Record<string, string> = {};
  for (const [name, tool] of Object.entries(now)) {
    const known = accepted && Object.hasOwn(accepted, name) ? accepted[name] : undefined;
    if (!known) refused[name] = accepted ? 'is new' : 'was never accepted';
    else if (stableText(known as unknown as Json) === stableText(tool as unknown as Json)) usable[name] = tool;
    else refused[name] = `has changed: ${changes(known as unknown as Json, tool as unknown as Json).join(', ')}`;
  }
  return { usable, refused };
}

/** The failure of a call to a tool that may not be used. */
export function refusedTool(connection: string, tool: string, sorted: Sorted): FailureError {
  const why = Object.hasOwn(sorted.refused, tool) ? sorted.refused[tool] : undefined;
  if (why === undefined)
    return new FailureError(
      failure('tool-missing', `Connection "${connection}" has no tool "${tool}". It has: ${Object.keys(sorted.usable).join(', ') || 'none that is accepted'}.`),
    );
  return new FailureError(
    failure(
      'tool-not-accepted',
      `The tool "${tool}" of connection "${connection}" was not called: its definition ${why}. A person must look at it and accept it: test the connection in the workspace, or run "switchyard accept ${connection}".`,
    ),
  );
}

/** What differs, for a person: `input.properties.path.description`. At most 10. */
function changes(before: Json, now: Json, place = ''): string[] {
  if (stableText(before) === stableText(now)) return [];
  const isPlain = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isPlain(before) || !isPlain(now)) return [place || 'all of it'];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names
    .flatMap((name) => {
      const inner = place === '' ? name : `${place}.${name}`;
      const [one, other] = [Object.hasOwn(before, name) ? before[name] : undefined, Object.hasOwn(now, name) ? now[name] : undefined];
      if (one === undefined) return [`${inner} (new)`];
      return other === undefined ? [`${inner} (gone)`] : changes(one, other, inner);
    })
    .slice(0, 10);
}

/** One line for each tool whose state is not what it was. */
export function compareTools(before: Tools | undefined, now: Tools): string {
  if (!before) return '';
  const { refused } = sortTools(now, before);
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(now, name));
  return [...Object.entries(refused).map(([name, why]) => `${name} ${why}`), ...gone.map((name) => `${name} is gone`)].join('; ');
}
