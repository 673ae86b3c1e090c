/** What a flow could do if it ran, told before its first run. Kinds are asked through their contract; none is named here. */
import type { Kind } from '@switchyard/engine';
import { connectionTypeOf, connectionUses, type Connection, type JsonObject, type Workspace } from '@switchyard/shared';
import { z } from 'zod';
import type { CompiledFlow } from './application.ts';

export interface Abilities {
  /** Connections it names. `target` is the origin or file it leads to; without `type` the workspace does not define it yet. `through` is the connection that uses it, where the flow itself does not name it. */
  connections: { name: string; type?: Connection['type']; target?: string; through?: string }[];
  /** Models it names. `target` is the endpoint's origin where one is set; without `provider` the workspace does not define it yet. `through` as above. */
  models: { name: string; provider?: string; target?: string; through?: string }[];
  /** Operations that may change data; without `operation` whatever the node's connection offers when it runs. */
  writes: { node: string; operation?: string }[];
  /** Nodes that carry code of their own. */
  code: string[];
}

/** `compiled` may have errors: what could be resolved is told. */
export function abilitiesOf(compiled: CompiledFlow, workspace: Workspace): Abilities {
  const abilities: Abilities = { connections: [], models: [], writes: [], code: [] };
  for (const name of compiled.requires.models ?? []) addModel(abilities, workspace, { name });
  for (const name of compiled.requires.connections ?? []) addConnection(abilities, workspace, { name });
  for (const name of compiled.requires.connections ?? []) addUses(abilities, workspace, name);
  for (const { prefix, kinds, nodes } of graphsOf(compiled)) {
    for (const [id, { kind }] of Object.entries(kinds)) {
      const config = nodes[id]?.config;
      if (kind && config) addNode(abilities, kind, { id: prefix + id, config });
    }
  }
  return abilities;
}

interface Named {
  name: string;
  through?: string;
}

/** What a connection uses in its turn is reached too: each once, however it is named. */
function addUses(abilities: Abilities, workspace: Workspace, through: string): void {
  const connection = own(workspace.connections, through);
  if (!connection) return;
  const uses = connectionUses(connection);
  for (const name of uses.models) addModel(abilities, workspace, { name, through });
  for (const name of uses.connections) if (addConnection(abilities, workspace, { name, through })) addUses(abilities, workspace, name);
}

/** False where it is told already. */
function addConnection({ connections }: Abilities, workspace: Workspace, { name, through }: Named): boolean {
  if (connections.some((told) => told.name === name)) return false;
  const connection = own(workspace.connections, name);
  connections.push({ name, ...(connection && { type: connection.type, target: connectionTarget(connection) }), ...(through !== undefined && { through }) });
  return true;
}

function addModel({ models }: Abilities, workspace: Workspace, { name, through }: Named): void {
  if (models.some((told) => told.name === name)) return;
  const model = own(workspace.models, name);
  models.push({
    name,
    ...(model && { provider: model.provider }),
    ...(model?.baseUrl !== undefined && { target: new URL(model.baseUrl).origin }),
    ...(through !== undefined && { through }),
  });
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The flow itself, and the flows within its document; a node of these is told as `flow.node`. */
function graphsOf({ flow, nodes: kinds, flows }: CompiledFlow) {
  const own = { prefix: '', kinds, nodes: flow?.nodes ?? {} };
  return [own, ...Object.entries(flows ?? {}).map(([name, each]) => ({ prefix: `${name}.`, kinds: each, nodes: flow?.flows?.[name]?.nodes ?? {} }))];
}

function addNode(abilities: Abilities, kind: Kind, node: { id: string; config: JsonObject }): void {
  if (hasCode(kind)) abilities.code.push(node.id);
  const parsed = kind.config.safeParse(node.config);
  // A flow that it runs is told by its own nodes.
  if (!parsed.success || kind.subflow) return;
  const operations = kind.operations?.(parsed.data, { granted: [], title: kind.title }) ?? [];
  const writing = operations.filter(({ effect }) => effect === 'write');
  for (const { name } of writing) abilities.writes.push({ node: node.id, operation: name });
  // What a connection offers is read when the node runs: until then its access is all that is known.
  if (writing.length === 0 && parsed.data.access === 'write') abilities.writes.push({ node: node.id });
}

function hasCode(kind: Kind): boolean {
  const { properties } = z.toJSONSchema(kind.config, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, { widget?: string; language?: string }>;
  };
  return Object.values(properties ?? {}).some((property) => property.widget === 'source' && property.language === 'javascript');
}

function connectionTarget(connection: Connection): string {
  const { address, origins } = connectionTypeOf(connection);
  return origins(connection).join(', ') || address(connection);
}
