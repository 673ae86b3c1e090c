/**
 * The tools of a server, as they are and as they were accepted.
 *
 * 1. A tool is offered and called only where its definition is the accepted one, to the letter: a server that changes what a tool says of itself, after
 *    somebody has read it, tells models something that nobody agreed to.
 * 2. What a new definition says is read by the person who is asked to accept it, and by nobody else: the comparison has both texts, to be shown as plain
 *    text. A refusal, which models and runs see, says where the two differ and nothing of what is new.
 */
import {
  FailureError,
  failure,
  sortKeys,
  stableText,
  type AcceptedTool,
  type ConnectionOffer,
  type Json,
  type JsonObject,
  type OfferChange,
  type OfferPart,
} from '@switchyard/shared';

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
      `The tool "${tool}" of connection "${connection}" was not called: its definition ${why}. A person must read and accept it: test the connection in the workspace, or run "switchyard accept ${connection}".`,
    ),
  );
}

/** What differs, for a person: `input.properties.path.description`. At most 10. */
function changes(before: Json, now: Json, place = ''): string[] {
  if (stableText(before) === stableText(now)) return [];
  const isPlain = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isPlain(before) || !isPlain(now)) return [place || 'all of it'];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  const told = names.flatMap((name) => {
    const inner = place === '' ? name : `${place}.${name}`;
    const [one, other] = [Object.hasOwn(before, name) ? before[name] : undefined, Object.hasOwn(now, name) ? now[name] : undefined];
    // What is new is named by its place alone: its name is of the new definition too.
    if (one === undefined) return [place === '' ? `${inner} (new)` : `${place} (something new)`];
    return other === undefined ? [`${inner} (gone)`] : changes(one, other, inner);
  });
  return [...new Set(told)].slice(0, 10);
}

/** What a person is asked to accept: each tool that is not as it was accepted, with what it said and what it says. */
export function comparisonOf(accepted: Tools | undefined, now: Tools): Omit<ConnectionOffer, 'hash'> {
  const before = accepted ?? {};
  const { usable } = sortTools(now, before);
  const here = Object.entries(now).flatMap(([name, tool]): OfferChange[] => {
    if (Object.hasOwn(usable, name)) return [];
    const known = Object.hasOwn(before, name) ? before[name] : undefined;
    return [{ name, state: known ? 'changed' : 'new', parts: partsOf(known, tool) }];
  });
  const gone = Object.entries(before).flatMap(([name, tool]): OfferChange[] =>
    Object.hasOwn(now, name) ? [] : [{ name, state: 'gone', parts: partsOf(tool, undefined) }],
  );
  return { isFirst: accepted === undefined, same: Object.keys(usable), changes: [...here, ...gone] };
}

const partTexts: Readonly<Record<string, (tool: AcceptedTool) => string | undefined>> = {
  Description: ({ description }) => description,
  Effect: ({ isReading }) => (isReading ? 'It says that it only reads.' : 'It does not say that it only reads: it may write.'),
  Repeating: ({ isIdempotent }) => (isIdempotent ? 'It says that a call may be repeated.' : 'It does not say that a call may be repeated.'),
  'Input schema': ({ input }) => JSON.stringify(sortKeys(input), null, 2),
  'Output schema': ({ output }) => output && JSON.stringify(sortKeys(output), null, 2),
};

/** The parts that differ; all that there are, where there is only one of the two. */
function partsOf(before: AcceptedTool | undefined, now: AcceptedTool | undefined): OfferPart[] {
  return Object.entries(partTexts).flatMap(([title, textOf]) => {
    const [old, fresh] = [before && textOf(before), now && textOf(now)];
    return old === fresh ? [] : [{ title, ...(old !== undefined && { before: old }), ...(fresh !== undefined && { now: fresh }) }];
  });
}
