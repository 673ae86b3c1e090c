/** Flows with subflows, drawn in short for tests. */
import { emptyFlow, type Flow, type JsonObject, type NodePolicy, type Subflow } from '@switchyard/shared';

export type DrawnNode = [kind: string, config?: JsonObject, policy?: NodePolicy | undefined];

/** Nodes as [kind, config, policy]; `wires` as "from.port>to.port". */
export function drawBody(nodes: Record<string, DrawnNode>, wires: readonly string[]): Subflow {
  return {
    nodes: Object.fromEntries(Object.entries(nodes).map(([id, [kind, config = {}, policy]]) => [id, { kind, config, ...(policy && { policy }) }])),
    links: wires.map((wire) => {
      const [from, to] = wire.split('>') as [string, string];
      return { from, to };
    }),
    grants: [],
  };
}

/** The document of a body, with the flows that its nodes run. */
export function drawFlow(body: Subflow, flows: Record<string, Subflow> = {}, more: Partial<Flow> = {}): Flow {
  return { ...emptyFlow('Drawn'), ...body, flows, ...more };
}

/** An entry with these fields of any type. */
export const entry = (...fields: string[]): DrawnNode => ['input', { fields: Object.fromEntries(fields.map((name) => [name, {}])) }];
/** An exit with these fields of any type. */
export const exit = (...fields: string[]): DrawnNode => ['output', { fields: Object.fromEntries(fields.map((name) => [name, {}])) }];
/** A request of `path`, a template. */
export const fetching = (path: string, policy?: NodePolicy): DrawnNode => [
  'http',
  { connection: 'api', operations: [{ name: 'get', description: 'd', path }] },
  policy,
];
