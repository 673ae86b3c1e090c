/**
 * Reads foreign text or JSON as a document: size and depth first, then reserved keys, format, version, migration, schema.
 * All mistakes at once, as diagnostics; never throws and never changes what it was given.
 */
import type { z } from 'zod';
import type { Diagnostic, DiagnosticCode } from './diagnostic.ts';
import { doubledKeys } from './doubled-keys.ts';
import { documentLimits, flowSchema, type Flow } from './flow.ts';
import { isJsonObject, jsonDepth, pointer, utf8Bytes, type Json, type JsonObject } from './json.ts';
import { flowMigrations, migrate, testMigrations, workspaceMigrations, type Migration } from './migrate/index.ts';
import { testSchema, type TestDocument } from './test-document.ts';
import { workspaceSchema, type Workspace } from './workspace.ts';

export interface ReadResult<T> {
  document?: T;
  diagnostics: Diagnostic[];
}

interface DocumentSort<T> {
  format: string;
  title: string;
  version: number;
  schema: z.ZodType<T>;
  migrations: readonly Migration[];
}

const flowSort: DocumentSort<Flow> = { format: 'switchyard.flow', title: 'flow', version: 1, schema: flowSchema, migrations: flowMigrations };
const workspaceSort: DocumentSort<Workspace> = {
  format: 'switchyard.workspace',
  title: 'workspace',
  version: 1,
  schema: workspaceSchema,
  migrations: workspaceMigrations,
};
const testSort: DocumentSort<TestDocument> = { format: 'switchyard.test', title: 'test', version: 1, schema: testSchema, migrations: testMigrations };

/** `source` is JSON text or the value parsed from it. */
export function readFlow(source: unknown): ReadResult<Flow> {
  return read(source, flowSort);
}

/** A recorded test, with its flow brought to the current version. `source` is JSON text or the value parsed from it. */
export function readTest(source: unknown): ReadResult<TestDocument> {
  return read(source, testSort);
}

/** `source` is JSON text or the value parsed from it. */
export function readWorkspace(source: unknown): ReadResult<Workspace> {
  return read(source, workspaceSort);
}

function read<T>(source: unknown, sort: DocumentSort<T>): ReadResult<T> {
  const fail = (code: DiagnosticCode, message: string, path = ''): ReadResult<T> => ({ diagnostics: [{ code, severity: 'error', path, message }] });
  // A byte order mark, which editors of Windows put before a text, is none of it.
  const text = typeof source === 'string' ? source.replace(/^\ufeff/, '') : safeStringify(source);
  if (text === undefined) return fail('document-unreadable', `This ${sort.title} cannot be read as JSON: it refers to itself or is nested too deeply.`);
  const bytes = utf8Bytes(text);
  if (bytes > documentLimits.bytes) return fail('document-too-large', `The ${sort.title} has ${bytes} bytes; at most ${documentLimits.bytes} are read.`);
  if (jsonDepth(text, documentLimits.depth) > documentLimits.depth)
    return fail('document-too-deep', `The ${sort.title} is nested deeper than ${documentLimits.depth} levels.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail('document-unreadable', `The text is not JSON: ${(error as Error).message}. Check the place named and try again.`);
  }
  if (!isJsonObject(value)) return fail('format-unknown', `A ${sort.title} is a JSON object with "format": "${sort.format}"; this is ${describe(value)}.`);
  const refused = [...(typeof source === 'string' ? doubledKeys(text).map(doubled) : []), ...refusedParts(value as Json)];
  if (refused.length > 0) return { diagnostics: refused };
  if (value.format !== sort.format) return fail('format-unknown', `"format" is ${describe(value.format)}; a ${sort.title} has "${sort.format}".`, '/format');
  if (typeof value.version === 'number' && value.version > sort.version) {
    return fail(
      'version-newer',
      `This ${sort.title} has version ${value.version}; this Switchyard reads up to version ${sort.version}. Update Switchyard to open it.`,
      '/version',
    );
  }
  const nodes = countAll(value, ['nodes']);
  if (nodes > documentLimits.nodes)
    return fail('document-too-large', `The flow has ${nodes} nodes, those of its flows among them; at most ${documentLimits.nodes} are read.`, '/nodes');
  // Each that is wrong is a mistake that is told: millions of them would take GBs.
  const links = countAll(value, ['links', 'grants']);
  if (links > documentLimits.links)
    return fail(
      'document-too-large',
      `The flow has ${links} links and grants, those of its flows among them; at most ${documentLimits.links} are read.`,
      '/links',
    );
  const current = withCurrentFlow(migrate(value, sort.version, sort.migrations));
  const parsed = sort.schema.safeParse(current);
  if (parsed.success) return { document: parsed.data, diagnostics: [] };
  return { diagnostics: parsed.error.issues.flatMap((issue) => issueDiagnostics(issue)) };
}

/** A document that holds a flow holds it in its current version. */
function withCurrentFlow(document: JsonObject): JsonObject {
  const { flow } = document;
  return isJsonObject(flow) ? { ...document, flow: migrate(flow, flowSort.version, flowMigrations) } : document;
}

/** Mistakes of one object or schema that are told one by one: with these mended, the next are told. */
export const mostTold = 100;

/** Diagnostics of one zod issue; `base` is where the parsed value stands in the document. */
export function issueDiagnostics(issue: z.core.$ZodIssue, base: readonly (string | number)[] = [], code: DiagnosticCode = 'document-invalid'): Diagnostic[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, mostTold)
      .map((key) => place({ code, severity: 'error', path: '', message: `"${key}" is not a known setting here.` }, [...path, key]));
  }
  if (issue.code === 'invalid_key') {
    const message = issue.issues[0]?.message ?? 'this name is not allowed';
    return [
      place({ code: code === 'document-invalid' ? 'name-refused' : code, severity: 'error', path: '', message: `"${String(path.at(-1))}": ${message}.` }, path),
    ];
  }
  return [place({ code, severity: 'error', path: '', message: issueMessage(issue, path.at(-1)) }, path)];
}

/** zod's names of types in the user's words. */
const typeWords: Readonly<Record<string, string>> = {
  record: 'an object',
  object: 'an object',
  array: 'a list',
  tuple: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

function issueMessage(issue: z.core.$ZodIssue, name: string | number | undefined): string {
  const what = name === undefined ? 'The value' : `"${name}"`;
  if (issue.code === 'invalid_type') {
    const received = /received (\w+)$/.exec(issue.message)?.[1] ?? 'something else';
    if (received === 'undefined') return `${what} is missing.`;
    if (issue.expected === 'int' && received === 'number') return `${what} must be a whole number.`;
    return `${what} must be ${typeWords[issue.expected] ?? issue.expected}, but is ${typeWords[received] ?? received}.`;
  }
  if (issue.code === 'too_small' && issue.minimum === 1 && (issue.origin === 'string' || issue.origin === 'array')) return `${what} must not be empty.`;
  return `${what}: ${issue.message}.`;
}

function place(diagnostic: Diagnostic, path: readonly (string | number)[]): Diagnostic {
  const isInNode = path[0] === 'nodes' && path.length > 1;
  const field = isInNode && path[2] === 'config' && path.length > 3 ? String(path[3]) : undefined;
  return { ...diagnostic, path: pointer(path), ...(isInNode && { node: String(path[1]) }), ...(field !== undefined && { field }) };
}

function doubled(path: readonly (string | number)[]): Diagnostic {
  const message = `"${path.at(-1)}" stands twice here, and only the last would be read. Take one of them out, or name it otherwise.`;
  return place({ code: 'document-invalid', severity: 'error', path: '', message }, path);
}

/** What JSON text may say and no document can keep: zod would drop the key without a word, and JSON writes such a number as null. */
function refusedParts(value: Json, path: (string | number)[] = [], found: Diagnostic[] = []): Diagnostic[] {
  const refuse = (code: DiagnosticCode, at: (string | number)[], message: string) => found.push(place({ code, severity: 'error', path: '', message }, at));
  // One path for all of them: copies of it took longer than all the rest.
  const within = (step: string | number, part: Json) => {
    path.push(step);
    refusedParts(part, path, found);
    path.pop();
  };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) within(index, item);
  } else if (isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      if (key === '__proto__')
        refuse('name-refused', [...path, key], 'The key "__proto__" is reserved and may stand nowhere in a document. Give it another name.');
      else within(key, value[key] as Json);
    }
  } else if (typeof value === 'number' && !Number.isFinite(value))
    refuse('document-invalid', path, 'This number is too large to be kept. Write a smaller one.');
  return found;
}

/** What stands at these words, of the flow and of those within it. */
function countAll(flow: JsonObject, words: readonly string[]): number {
  const flows = [flow, ...(isJsonObject(flow.flows) ? Object.values(flow.flows) : [])];
  const held = flows.flatMap((each) => (isJsonObject(each) ? words.map((word) => each[word] ?? null) : []));
  return held.reduce<number>((count, each) => count + (typeof each === 'object' && each !== null ? Object.keys(each).length : 0), 0);
}

function safeStringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    return undefined;
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return JSON.stringify(value).slice(0, 80);
}
