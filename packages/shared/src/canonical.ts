/** Canonical text of documents: equal documents give equal bytes, so that a flow diffs well in git. */
import type { Flow, NodePolicy, Requires } from './flow.ts';
import { sortKeys } from './json.ts';
import type { Workspace } from './workspace.ts';

const topKeys = ['format', 'version', 'name', 'description', 'nodes', 'links', 'grants', 'limits', 'flows', 'layout', 'requires'] as const;
const subflowKeys = ['nodes', 'links', 'grants', 'layout'] as const;
const nodeKeys = ['kind', 'title', 'config', 'policy'] as const;
const policyKeys = ['retry', 'timeoutSeconds', 'onFailure', 'default'] as const;
const retryKeys = ['attempts', 'baseMs', 'maxMs', 'on'] as const;
const linkKeys = ['from', 'to'] as const;
const grantKeys = ['from', 'to', 'operations', 'approval', 'approvalSeconds'] as const;
const limitKeys = ['seconds', 'modelCalls', 'toolCalls', 'callsPerTurn', 'identicalCalls', 'tokens', 'cost', 'depth'] as const;
const requiresKeys = ['connections', 'models', 'secrets'] as const;

/** The document with its keys in fixed order: known keys as the schema lists them, ids and free keys by code unit. Links and grants keep their order. */
export function canonicalFlow(flow: Flow): Flow {
  const ordered = pick(flow, topKeys);
  Object.assign(ordered, canonicalGraph(flow));
  if (flow.limits) ordered.limits = pick(flow.limits, limitKeys);
  if (flow.flows) {
    ordered.flows = mapRecord(flow.flows, (subflow) => ({ ...pick(subflow, subflowKeys), ...canonicalGraph(subflow) }) as typeof subflow);
  }
  if (flow.requires) ordered.requires = pick(flow.requires, requiresKeys) as Requires;
  return ordered as Flow;
}

/** Canonical JSON text of a flow, ending in a newline. */
export function flowText(flow: Flow): string {
  return documentText(canonicalFlow(flow));
}

/** Canonical JSON text of a workspace, ending in a newline. */
export function workspaceText(workspace: Workspace): string {
  const { format, version, models, connections } = workspace;
  return documentText({ format, version, models: sortKeys(models), connections: sortKeys(connections) });
}

/** A line that begins with such a key: within texts, line ends and quotes are escaped. */
const keyOfDigits = /^ *"\d+": /m;

/** Five times faster where JSON itself has the keys in their order. */
function documentText(document: object): string {
  const text = JSON.stringify(document, null, 2);
  return `${keyOfDigits.test(text) ? writtenText(document) : text}\n`;
}

/**
 * As `JSON.stringify(value, null, 2)` writes it, but for free keys such as "10" and "9": an object of JavaScript has those before all others and in the order
 * of numbers, whatever was put in first, and here they stand by code unit like the rest. No known key begins with a digit.
 */
function writtenText(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const [open, close, parts] = Array.isArray(value)
    ? ['[', ']', value.map((item) => writtenText(item, inner))]
    : ['{', '}', writtenKeys(value).map((key) => `${JSON.stringify(key)}: ${writtenText((value as Record<string, unknown>)[key], inner)}`)];
  return parts.length === 0 ? open + close : `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
}

function writtenKeys(value: object): string[] {
  const keys = Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined);
  return /^\d/.test(keys[0] ?? '') ? keys.sort() : keys;
}

function canonicalGraph(graph: Pick<Flow, 'nodes' | 'links' | 'grants' | 'layout'>) {
  return {
    nodes: mapRecord(
      graph.nodes,
      (node) => ({ ...pick(node, nodeKeys), config: sortKeys(node.config), ...(node.policy && { policy: canonicalPolicy(node.policy) }) }) as typeof node,
    ),
    links: graph.links.map((link) => pick(link, linkKeys) as typeof link),
    grants: graph.grants.map((grant) => pick(grant, grantKeys) as typeof grant),
    ...(graph.layout && { layout: sortKeys(graph.layout) }),
  };
}

function canonicalPolicy(policy: NodePolicy): NodePolicy {
  const ordered = pick(policy, policyKeys);
  if (policy.retry) ordered.retry = pick(policy.retry, retryKeys) as NonNullable<NodePolicy['retry']>;
  if (policy.default) ordered.default = sortKeys(policy.default);
  return ordered;
}

function pick<T extends object>(value: T, keys: readonly (keyof T & string)[]): Partial<T> {
  const picked: Partial<T> = {};
  for (const key of keys) if (Object.hasOwn(value, key) && value[key] !== undefined) picked[key] = value[key];
  return picked;
}

function mapRecord<T>(record: Record<string, T>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, change(record[key] as T)]),
  );
}
