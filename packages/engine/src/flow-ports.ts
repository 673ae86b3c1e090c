/** The ends of the flows within a document, and whether they may write: what compile and the canvas need to know of them. */
import type { Flow, JsonObject, Schema, Subflow } from '@switchyard/shared';
import type { FlowPorts, Kind, Registry } from './node.ts';

interface FlowPart {
  kind: Kind;
  config: JsonObject;
}

/** The ends of each subflow, by name. What does not parse has no part in them. */
export function portsOfFlows(flow: Pick<Flow, 'flows'>, registry: Registry): Map<string, FlowPorts> {
  const parts = new Map(Object.entries(flow.flows ?? {}).map(([name, subflow]) => [name, partsOf(subflow, registry)]));
  return new Map([...parts.keys()].map((name) => [name, { ...endsOf(parts.get(name) ?? []), effect: mayWrite(name, parts) ? 'write' : 'read' }]));
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
      else if (kind.unlisted?.(config) === 'write') return true;
      else if (kind.operations?.(config, { granted: [], title: kind.title }).some(({ effect }) => effect === 'write')) return true;
    }
  }
  return false;
}
