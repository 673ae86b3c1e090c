/** The flow document, version 1: what the canvas edits, what is stored, exported, diffed and run. zod owns its shape; 8-contracts its meaning. */
import { z } from 'zod';
import { refusedKeys, type Json } from './json.ts';

/** A pattern, not a refinement: so that the published JSON Schema says it too. */
const notRefused = new RegExp(`^(?!(${[...refusedKeys].join('|')})$)`);

/** `[a-z][a-z0-9_]*`, unique within a flow, stable under a change of title. */
export const nodeIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'a node id is [a-z][a-z0-9_]*')
  .max(64)
  .regex(notRefused, 'this id is reserved');
/** Names of models and connections in a workspace. */
export const nameSchema = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, 'a name has letters, digits, _ . and - only')
  .max(64)
  .regex(notRefused, 'this name is reserved');
export const portName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const endSchema = z.string().regex(/^[a-z][a-z0-9_]*\.[a-zA-Z_][a-zA-Z0-9_]*$/, 'a link end is "node.port"');

/** CEL's own words: an expression could never reach a port of such a name. */
export const celWords: ReadonlySet<string> = new Set([
  'list',
  'map',
  'type',
  'string',
  'int',
  'uint',
  'double',
  'bool',
  'bytes',
  'in',
  'true',
  'false',
  'null',
  'dyn',
  'duration',
  'timestamp',
  'size',
  'has',
  'null_type',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
  'cel',
  'google',
  'optional',
]);

/** A port or field name that may be used: right letters, not refused, not one of CEL's words. */
export function isPortName(name: string): boolean {
  return portName.test(name) && !refusedKeys.has(name) && !celWords.has(name);
}

/** Whatever JSON says: a document is read from JSON, so no part of it is anything else. Going through it again, as `z.json()` does, costs seconds for 5 MB. */
export const anyJson: z.ZodType<Json> = z.any();

/** What a node does when it fails for good: ends the run, goes on with its default outputs, or gives the failure at its output port `error`. */
export const failureHandlings = ['stop', 'continue', 'port'] as const;

/** How the calls of a node are tried again. Without `on`, what the failure itself says decides; with it, exactly these failure codes are tried again. */
export const nodeRetrySchema = z.strictObject({
  attempts: z.int().min(1).max(100),
  baseMs: z.int().nonnegative().max(3_600_000).optional(),
  maxMs: z.int().nonnegative().max(3_600_000).optional(),
  on: z.array(z.string().min(1)).optional(),
});

/** What happens when a node is slow or fails. Absent settings leave things as the kind has them. */
export const nodePolicySchema = z.strictObject({
  retry: nodeRetrySchema.optional(),
  timeoutSeconds: z.number().positive().max(31_536_000).optional(),
  onFailure: z.enum(failureHandlings).optional(),
  default: z.record(z.string(), anyJson).optional(),
});

export const nodeSchema = z.strictObject({
  kind: z.string().min(1).max(64),
  title: z.string().max(200).optional(),
  config: z.record(z.string(), anyJson).default({}),
  policy: nodePolicySchema.optional(),
});

export const linkSchema = z.strictObject({ from: endSchema, to: endSchema });

export const approvals = ['never', 'writes', 'always'] as const;

export const grantSchema = z.strictObject({
  from: nodeIdSchema,
  to: nodeIdSchema,
  operations: z.array(z.string().min(1)).optional(),
  approval: z.enum(approvals).optional(),
  /** How long a person has to approve a call; then it counts as rejected. A day where nothing is said. */
  approvalSeconds: z.number().positive().max(31_536_000).optional(),
});

/** What a run may spend at most. Absent limits have the defaults of `defaultLimits`. */
export const limitsSchema = z.strictObject({
  seconds: z.number().positive().max(31_536_000).optional(),
  modelCalls: z.int().positive().optional(),
  toolCalls: z.int().positive().optional(),
  callsPerTurn: z.int().positive().optional(),
  identicalCalls: z.int().positive().optional(),
  tokens: z.int().positive().optional(),
  cost: z.number().positive().optional(),
  depth: z.int().positive().optional(),
});

const positionSchema = z.tuple([z.int(), z.int()]);

const graph = {
  nodes: z.record(nodeIdSchema, nodeSchema),
  links: z.array(linkSchema).default([]),
  grants: z.array(grantSchema).default([]),
};
const layoutSchema = z.record(nodeIdSchema, positionSchema);

export const subflowSchema = z.strictObject({ ...graph, layout: layoutSchema.optional() });

export const requiresSchema = z.strictObject({
  connections: z.array(z.string()),
  models: z.array(z.string()),
  secrets: z.array(z.string()),
});

export const flowSchema = z.strictObject({
  format: z.literal('switchyard.flow'),
  version: z.literal(1),
  name: z.string().min(1).max(200),
  description: z.string().max(20_000).optional(),
  ...graph,
  limits: limitsSchema.optional(),
  flows: z.record(nodeIdSchema, subflowSchema).optional(),
  layout: layoutSchema.optional(),
  requires: requiresSchema.optional(),
});

export type Flow = z.infer<typeof flowSchema>;
export type FlowNode = z.infer<typeof nodeSchema>;
export type Link = z.infer<typeof linkSchema>;
export type Grant = z.infer<typeof grantSchema>;
export type NodePolicy = z.infer<typeof nodePolicySchema>;
export type NodeRetry = z.infer<typeof nodeRetrySchema>;
export type FailureHandling = (typeof failureHandlings)[number];
export type Subflow = z.infer<typeof subflowSchema>;
export type Approval = (typeof approvals)[number];
export type Requires = z.infer<typeof requiresSchema>;
export type Position = z.infer<typeof positionSchema>;
export type Limits = z.infer<typeof limitsSchema>;
/** The limits of a run with the defaults filled in; without `cost`, cost is not limited. */
export type FullLimits = { [Name in Exclude<keyof Limits, 'cost'>]-?: number } & { cost?: number | undefined };

export const defaultLimits: Readonly<FullLimits> = Object.freeze({
  seconds: 600,
  modelCalls: 25,
  toolCalls: 200,
  callsPerTurn: 16,
  identicalCalls: 3,
  tokens: 200_000,
  depth: 5,
});

/** The output port of a node whose policy gives its failure there. */
export const errorPort = 'error';

/** Sizes above which a document is refused with one clear error. */
export const documentLimits = Object.freeze({ bytes: 5_000_000, nodes: 10_000, links: 50_000, depth: 64 });

/** Splits "node.port". */
export function linkEnd(end: string): { node: string; port: string } {
  const dot = end.indexOf('.');
  return { node: end.slice(0, dot), port: end.slice(dot + 1) };
}

export function emptyFlow(name: string): Flow {
  return { format: 'switchyard.flow', version: 1, name, nodes: {}, links: [], grants: [] };
}
