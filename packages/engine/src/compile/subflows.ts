/** The flows within a document: what their ends are, which runs which, and where their mistakes stand in the whole. */
import { pointer, type Diagnostic, type Flow, type JsonObject, type Schema, type Subflow } from '@switchyard/shared';
import type { FlowPorts, Kind, Registry } from '../node.ts';
import type { Graph } from './graph.ts';
import { knots, type Edge } from './knots.ts';

interface FlowPart {
  kind: Kind;
  config: JsonObject;
}

/** The ends of each subflow, by name. What does not parse has no part in them. */
export function portsOfFlows(flow: Flow, registry: Registry): Map<string, FlowPorts> {
  const parts = new Map(Object.entries(flow.flows ?? {}).map(([name, subflow]) => [name, partsOf(subflow, registry)]));
  return new Map([...parts.keys()].map((name) => [name, { ...endsOf(parts.get(name) ?? []), effect: mayWrite(name, parts) ? 'write' : 'read' }]));
}

/** The subflow as a document of its own, to be resolved and checked as any flow is. */
export function asFlow(name: string, subflow: Subflow): Flow {
  return { format: 'switchyard.flow', version: 1, name, ...subflow };
}

/** The subflow's mistakes as mistakes of the whole document. */
export function withinFlow(name: string, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const base = pointer(['flows', name]);
  return diagnostics.map(({ node: _, fix, ...rest }) => ({
    ...rest,
    path: base + rest.path,
    flow: name,
    ...(fix && { fix: { ...fix, ...(fix.patch && { patch: fix.patch.map((step) => ({ ...step, path: base + step.path })) }) } }),
  }));
}

/** No flow runs itself, through others or not. */
export function checkFlowCycles(graphs: ReadonlyMap<string, Graph>): Diagnostic[] {
  const edges = [...graphs].flatMap(([name, graph]) => runsOf(name, graph));
  return knots(edges).map((round) => {
    const last = round.at(-1) as Edge;
    const names = round.map(({ from }) => from);
    return {
      code: 'cycle',
      severity: 'error',
      path: last.path,
      flow: last.from,
      message: `The flows run one another without end: ${[...names, names[0]].join(' → ')}. Let one of them run another flow, or none.`,
    };
  });
}

function runsOf(name: string, graph: Graph): Edge[] {
  return [...graph.nodes.values()].flatMap(({ id, subflow }) =>
    subflow === undefined ? [] : [{ from: name, to: subflow, path: pointer(['flows', name, 'nodes', id, 'config']) }],
  );
}

function partsOf(subflow: Subflow, registry: Registry): FlowPart[] {
  return Object.values(subflow.nodes).flatMap((node) => {
    const kind = registry.get(node.kind);
    const parsed = kind?.config.safeParse(node.config);
    return kind && parsed?.success ? [{ kind, config: parsed.data as JsonObject }] : [];
  });
}

function endsOf(parts: readonly FlowPart[]): Omit<FlowPorts, 'effect'> {
  const inputs: Record<string, Schema> = {};
  const outputs: Record<string, Schema> = {};
  for (const { kind, config } of parts) {
    if (kind.role === 'entry') Object.assign(inputs, kind.ports(config).outputs);
    if (kind.role === 'exit') Object.assign(outputs, kind.ports(config).inputs);
  }
  return { inputs, optional: Object.keys(inputs).filter((name) => Object.hasOwn(inputs[name] as Schema, 'default')), outputs };
}

function mayWrite(start: string, flows: ReadonlyMap<string, FlowPart[]>): boolean {
  const seen = new Set([start]);
  for (const name of seen) {
    for (const { kind, config } of flows.get(name) ?? []) {
      const subflow = kind.subflow?.(config);
      if (subflow !== undefined) seen.add(subflow);
      else if (kind.operations?.(config, { granted: [], title: kind.title }).some(({ effect }) => effect === 'write')) return true;
    }
  }
  return false;
}
