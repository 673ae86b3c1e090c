/** Adds a node of a kind: configured as far as the workspace allows, placed at home where it covers no other card, and wired where a wire asked for it. */
import type { Kind } from '@switchyard/engine';
import { connectionFits, linkEnd, type Flow, type JsonObject, type Link, type Position, type Schema } from '@switchyard/shared';
import { positionsOf } from './auto-layout.ts';
import { cardSize, dividerOf, homeBand, slideHome } from './bands.ts';
import { freshPort, kindFits, templateField, type WireEnd } from './can-connect.ts';
import { addNode, connect, disconnect, freshNodeId, grant } from './commands.ts';
import type { Editor, EditorState } from './editor-store.ts';
import type { WorkspaceNames } from './workspace-names.ts';

/** What the new node is for. */
export interface Placement {
  at: Position;
  /** A wire that waits for it. */
  from?: WireEnd;
  /** A link into whose middle it goes. */
  link?: Link;
}

/** Adds the node, selects it, and gives its id. */
export function addKind(editor: Editor, kind: Kind, { at, from, link }: Placement): string {
  const { flow } = editor.state();
  const id = freshNodeId(flow, kind.kind);
  const hole = from && holeFor(editor, kind, from);
  const node = { kind: kind.kind, config: { ...fillNames(kind, editor.state()), ...hole?.config } };
  const added = { id, node, at: freePlace(editor, node, at) };
  editor.edit(
    `Add ${kind.title}`,
    (before) => {
      const after = addNode(before, added);
      if (link) return wireInto(editor, after, { id, kind, link });
      return from ? wireTo(after, { id, from, port: hole?.port ?? fittingPort(editor, kind, from) }) : after;
    },
    { select: [id] },
  );
  return id;
}

/** The kinds that may stand at the end of a wire, or in the middle of a link. */
export function fittingKinds(editor: Editor, { from, link }: Pick<Placement, 'from' | 'link'>): Kind[] {
  const kinds = [...editor.registry.values()];
  if (from) return kinds.filter((kind) => kindFits(kind, from, schemaOf(editor, from)));
  if (!link) return kinds;
  const [source, target] = endsOf(link);
  // In the middle of a link a kind must have both ports by itself.
  return kinds.filter((kind) => [source, target].every((end) => freshPort(kind, end, schemaOf(editor, end)) !== undefined));
}

/** Where a value arrives at a kind that has no input yet but a template: the hole that makes one, named after the value. */
function holeFor(editor: Editor, kind: Kind, from: WireEnd): { config: JsonObject; port: string } | undefined {
  const field = templateField(kind);
  if (field === undefined || !('port' in from) || from.side !== 'output' || fittingPort(editor, kind, from) !== undefined) return undefined;
  const text = typeof kind.initial[field] === 'string' ? kind.initial[field].trim() : '';
  return { config: { [field]: `${text}${text === '' ? '' : ' '}{{${from.port}}}` }, port: from.port };
}

function fittingPort(editor: Editor, kind: Kind, from: WireEnd): string | undefined {
  return 'port' in from ? freshPort(kind, from, schemaOf(editor, from)) : undefined;
}

function wireTo(flow: Flow, { id, from, port }: { id: string; from: WireEnd; port: string | undefined }): Flow {
  if (!('port' in from)) return grant(flow, from.side === 'caller' ? { from: from.node, to: id } : { from: id, to: from.node });
  if (port === undefined) return flow;
  const [own, other] = [`${id}.${port}`, `${from.node}.${from.port}`];
  return connect(flow, from.side === 'output' ? { from: other, to: own } : { from: own, to: other });
}

function wireInto(editor: Editor, flow: Flow, { id, kind, link }: { id: string; kind: Kind; link: Link }): Flow {
  const [source, target] = endsOf(link);
  const input = freshPort(kind, source, schemaOf(editor, source));
  const output = freshPort(kind, target, schemaOf(editor, target));
  if (input === undefined || output === undefined) return flow;
  return connect(connect(disconnect(flow, link), { from: link.from, to: `${id}.${input}` }), { from: `${id}.${output}`, to: link.to });
}

function endsOf(link: Link): [Extract<WireEnd, { port: string }>, Extract<WireEnd, { port: string }>] {
  return [
    { ...linkEnd(link.from), side: 'output' },
    { ...linkEnd(link.to), side: 'input' },
  ];
}

function schemaOf(editor: Editor, end: WireEnd): Schema | undefined {
  const node = editor.state().flow.nodes[end.node];
  if (!node || !('port' in end)) return undefined;
  const { ports } = editor.face(node);
  return end.side === 'output' ? ports.outputs[end.port] : ports.inputs[end.port];
}

/**
 * The kind's own beginning, with names that the workspace knows: those that nodes of the same kind use already, else the only one, or for
 * models the first that can be used. Where several connections would do, the choice is the person's.
 */
function fillNames(kind: Kind, { flow, workspace }: EditorState): JsonObject {
  const config: JsonObject = { ...kind.initial };
  for (const [name, schema] of Object.entries(kind.config.shape)) {
    const meta = schema.meta() ?? {};
    const isModel = meta.widget === 'model';
    if ((!isModel && meta.widget !== 'connection') || schema.safeParse(undefined).success) continue;
    const known = isModel ? workspace.models.filter((model) => model.isUsable).map((model) => model.name) : connectionsOf(meta.connectionTypes, workspace);
    if (typeof config[name] === 'string' && known.includes(config[name])) continue;
    const used = Object.values(flow.nodes).findLast((node) => node.kind === kind.kind)?.config[name];
    const chosen = typeof used === 'string' && known.includes(used) ? used : isModel || known.length === 1 ? known[0] : undefined;
    if (chosen !== undefined) config[name] = chosen;
  }
  return config;
}

function connectionsOf(types: unknown, { connections }: WorkspaceNames): string[] {
  return connections.filter(({ type }) => connectionFits(type, Array.isArray(types) ? (types as string[]) : [])).map(({ name }) => name);
}

/** The nearest place at home, to the right of `at`, where the card covers no other. */
function freePlace(editor: Editor, node: Flow['nodes'][string], at: Position): Position {
  const { flow } = editor.state();
  const positions = positionsOf(flow, editor.face);
  const face = editor.face(node);
  const { width, height } = cardSize(face);
  const y = Math.round(slideHome(homeBand(face), at[1], { height, divider: dividerOf(flow, positions, editor.face) }));
  const others = Object.entries(flow.nodes).map(([id, other]) => ({ at: positions[id] ?? ([0, 0] as Position), size: cardSize(editor.face(other)) }));
  const row = others.filter((other) => other.at[1] < y + height + 8 && other.at[1] + other.size.height + 8 > y).sort((one, other) => one.at[0] - other.at[0]);
  let x = Math.round(at[0]);
  for (const other of row) if (other.at[0] < x + width + 16 && other.at[0] + other.size.width + 16 > x) x = other.at[0] + other.size.width + 24;
  return [x, y];
}
