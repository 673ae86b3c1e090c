/** What of a node can be told from the node alone: kind, title, summary, ports. Known at once after an edit, before the flow is compiled. */
import type { Kind, Ports, Registry } from '@switchyard/engine';
import type { FlowNode } from '@switchyard/shared';

export interface NodeFace {
  /** Undefined for a kind that is not known here: the node is a placeholder. */
  kind: Kind | undefined;
  title: string;
  /** What it is set to, in a few words. */
  summary: string;
  ports: Ports;
  /** Grants may start here. */
  mayCall: boolean;
  /** Grants may end here. */
  isCallable: boolean;
  /** The workspace's name of the model that it asks. */
  model: string | undefined;
}

const noPorts: Ports = { inputs: {}, outputs: {} };

/** Gives faces of nodes; a node that did not change gives the same face again. */
export function createFaces(registry: Registry): (node: FlowNode) => NodeFace {
  const faces = new WeakMap<FlowNode, NodeFace>();
  return (node) => {
    const known = faces.get(node);
    if (known) return known;
    const face = makeFace(node, registry.get(node.kind));
    faces.set(node, face);
    return face;
  };
}

function makeFace(node: FlowNode, kind: Kind | undefined): NodeFace {
  if (!kind)
    return { kind, title: node.title ?? node.kind, summary: `unknown kind: ${node.kind}`, ports: noPorts, mayCall: false, isCallable: false, model: undefined };
  const parsed = kind.config.safeParse(node.config);
  // A setting that does not fit yet must not take the ports away while it is being typed: then the raw settings are tried.
  const config = parsed.success ? parsed.data : node.config;
  return {
    kind,
    title: node.title ?? kind.title,
    summary: parsed.success ? attempt(() => kind.summary(parsed.data), '') : 'not set up yet',
    ports: attempt(() => kind.ports(config), noPorts),
    mayCall: kind.mayCall ?? false,
    isCallable: kind.operations !== undefined,
    model: modelOf(node, kind),
  };
}

function modelOf(node: FlowNode, kind: Kind): string | undefined {
  const field = Object.entries(kind.config.shape).find(([, schema]) => schema.meta()?.widget === 'model')?.[0];
  const name = field === undefined ? undefined : node.config[field];
  return typeof name === 'string' && name !== '' ? name : undefined;
}

function attempt<T>(make: () => T, otherwise: T): T {
  try {
    return make() ?? otherwise;
  } catch {
    return otherwise;
  }
}
