/** What of a node can be told from the node alone: kind, title, summary, ports. Known at once after an edit, before the flow is compiled. */
import { portsOfFlows, type FlowPorts, type Kind, type Ports, type Registry } from '@switchyard/engine';
import { errorPort, type Flow, type FlowNode } from '@switchyard/shared';

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
  /** The ends of the flow that it runs, where the document has it. */
  runs: FlowPorts | undefined;
  /** The name of the flow that it runs, whether or not the document has it. */
  subflow: string | undefined;
}

const noPorts: Ports = { inputs: {}, outputs: {} };

type Flows = Flow['flows'];

/** Gives faces of nodes; a node that did not change gives the same face again, unless it runs a flow and these changed. */
export function createFaces(registry: Registry, flowsOf: () => Flows = () => undefined): (node: FlowNode) => NodeFace {
  const faces = new WeakMap<FlowNode, { face: NodeFace; flows: Flows }>();
  let ends: { of: Flows; ports: ReadonlyMap<string, FlowPorts> } = { of: undefined, ports: new Map() };
  const portsIn = (flows: Flows) => {
    if (ends.of !== flows) ends = { of: flows, ports: portsOfFlows(flows ? { flows } : {}, registry) };
    return ends.ports;
  };
  return (node) => {
    const kind = registry.get(node.kind);
    const flows = kind?.subflow ? flowsOf() : undefined;
    const known = faces.get(node);
    if (known && known.flows === flows) return known.face;
    const face = makeFace(node, kind, portsIn(flows));
    faces.set(node, { face, flows });
    return face;
  };
}

function makeFace(node: FlowNode, kind: Kind | undefined, flows: ReadonlyMap<string, FlowPorts>): NodeFace {
  if (!kind)
    return {
      kind,
      title: node.title ?? node.kind,
      summary: `unknown kind: ${node.kind}`,
      ports: noPorts,
      mayCall: false,
      isCallable: false,
      model: undefined,
      runs: undefined,
      subflow: undefined,
    };
  const parsed = kind.config.safeParse(node.config);
  // A setting that does not fit yet must not take the ports away while it is being typed: then the raw settings are tried.
  const config = parsed.success ? parsed.data : node.config;
  const subflow = attempt(() => kind.subflow?.(config), undefined) || undefined;
  const flow = subflow === undefined ? undefined : flows.get(subflow);
  return {
    kind,
    title: node.title ?? kind.title,
    summary: parsed.success ? attempt(() => kind.summary(parsed.data), '') : 'not set up yet',
    ports: withErrorPort(
      attempt(() => kind.ports(config, flow), noPorts),
      node,
    ),
    mayCall: kind.mayCall ?? false,
    isCallable: kind.operations !== undefined,
    model: modelOf(node, kind),
    runs: flow,
    subflow,
  };
}

/** A node whose policy gives its failure at a port has that port too. */
function withErrorPort(ports: Ports, node: FlowNode): Ports {
  return node.policy?.onFailure === 'port' ? { ...ports, outputs: { [errorPort]: {}, ...ports.outputs } } : ports;
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
