/** Which flows of their document nodes run: found, compared and rewritten by what the kinds declare of their settings, never by a kind's name. */
import { configFields, type Registry } from '@switchyard/engine';
import { stableText, type Flow, type Json, type Subflow } from '@switchyard/shared';

export type Flows = Readonly<NonNullable<Flow['flows']>>;

/** A flow, and the flows that its nodes may run. */
export interface Body {
  body: Subflow;
  flows: Flows;
}

interface Reference {
  node: string;
  /** Keys and indexes from the node's config down. */
  path: readonly (string | number)[];
  name: string;
}

/** A document as a flow among others: without name, limits and description. */
export function bodyOf({ nodes, links, grants, layout }: Subflow): Subflow {
  return { nodes, links, grants, ...(layout && { layout }) };
}

/** The flow of that name, or undefined. */
export function flowNamed(flows: Flows, name: string): Subflow | undefined {
  return Object.hasOwn(flows, name) ? flows[name] : undefined;
}

/** Each setting that names a flow. Of kinds that are not known here nothing is known. */
export function flowReferences({ nodes }: Pick<Subflow, 'nodes'>, registry: Registry): Reference[] {
  return Object.entries(nodes).flatMap(([node, { kind, config }]) => {
    const known = registry.get(kind);
    if (!known) return [];
    return configFields(known, config).flatMap(({ widget, path, value }) =>
      widget === 'flow' && typeof value === 'string' && value !== '' ? [{ node, path, name: value }] : [],
    );
  });
}

/** The flow with each name of a flow as `nameFor` gives it. */
export function renameReferences(body: Subflow, registry: Registry, nameFor: (name: string) => string): Subflow {
  let nodes: Json = body.nodes as Json;
  for (const { node, path, name } of flowReferences(body, registry)) nodes = setAt(nodes, [node, 'config', ...path], nameFor(name));
  return nodes === body.nodes ? body : { ...body, nodes: nodes as Subflow['nodes'] };
}

/** The names, and those of the flows that are run below them. */
export function reachableFlows(start: Iterable<string>, flows: Flows, registry: Registry): Set<string> {
  const reached = new Set(start);
  for (const name of reached) {
    const body = flowNamed(flows, name);
    if (body) for (const reference of flowReferences(body, registry)) reached.add(reference.name);
  }
  return reached;
}

/**
 * Whether two flows do the same in the same words, and so do the flows that they run, whatever these are called. Where cards stand does not count.
 * Pairs once met count as the same, so that flows that run one another in a circle come to an end.
 */
export function isSameFlow(one: Body, other: Body, registry: Registry): boolean {
  const pairs: [Subflow | undefined, Subflow | undefined][] = [[one.body, other.body]];
  const met = new Set<string>();
  for (const [first, second] of pairs) {
    if (!first || !second) {
      if (first !== second) return false;
      continue;
    }
    if (textWithoutNames(first, registry) !== textWithoutNames(second, registry)) return false;
    const names = new Map(flowReferences(second, registry).map(({ node, path, name }) => [stableText([node, ...path]), name]));
    for (const { node, path, name } of flowReferences(first, registry)) {
      const paired = names.get(stableText([node, ...path])) ?? '';
      const pair = stableText([name, paired]);
      if (met.has(pair)) continue;
      met.add(pair);
      pairs.push([flowNamed(one.flows, name), flowNamed(other.flows, paired)]);
    }
  }
  return true;
}

function textWithoutNames(body: Subflow, registry: Registry): string {
  const { nodes, links, grants } = renameReferences(body, registry, () => '-');
  return stableText({ nodes, links, grants } as unknown as Json);
}

/** The value with another one at the end of the path; what is not on the way stays the same object. */
export function setAt(value: Json, [key, ...rest]: readonly (string | number)[], next: Json): Json {
  if (key === undefined) return next;
  if (Array.isArray(value)) return value.with(Number(key), setAt(value[Number(key)] ?? null, rest, next));
  const record = typeof value === 'object' && value !== null ? value : {};
  const inner = Object.hasOwn(record, key) ? (record[key] as Json) : null;
  return { ...record, [key]: setAt(inner, rest, next) };
}
