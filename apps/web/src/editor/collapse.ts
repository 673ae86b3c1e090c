/**
 * Makes a flow of chosen nodes: they move into a flow of the document, and a node that runs it takes their place. Pure.
 *
 * 1. Every wire stays what it was: those between the nodes move with them, those that lead in and out go through inputs and outputs of the flow.
 * 2. What cannot be kept so is not done; the reason says what to choose instead.
 */
import type { Kind } from '@switchyard/engine';
import { linkEnd, type Flow, type JsonObject, type Link, type Position, type Schema, type Subflow } from '@switchyard/shared';
import { positionsOf } from './auto-layout.ts';
import { cardSize, dividerOf, slideHome, type FaceOf, type Positions } from './bands.ts';
import type { Editor } from './editor-store.ts';
import { freeName } from './fresh-name.ts';
import { changeAt } from './levels.ts';
import { addNode, freshNodeId, removeNodes } from './node-commands.ts';
import { isUpstream } from './reach.ts';

interface Collapsing {
  /** The chosen nodes. */
  nodes: readonly string[];
  kinds: readonly Kind[];
  faceOf: FaceOf;
  /** What the flow is called. */
  name: string;
}

/** Wires by what gives their value, under the name that this has at the edge of the flow. */
type Edge = Map<string, { name: string; schema: Schema; links: Link[] }>;

const endGap = 96;

/** The flow without the nodes, what they have become, and the node that runs it; or why that cannot be. */
function collapse(flow: Flow, collapsing: Collapsing): { flow: Flow; body: Subflow; node: string } | { why: string } {
  const { nodes, kinds, faceOf, name } = collapsing;
  const chosen = new Set(nodes.filter((id) => Object.hasOwn(flow.nodes, id)));
  const why = whyNot(flow, chosen, faceOf);
  const runner = kinds.find((kind) => kind.subflow && kind.operations);
  const setting = runner && fieldOf(runner, 'flow');
  if (why !== undefined || !runner || setting === undefined) return { why: why ?? 'No kind of node runs a flow here.' };
  const isInside = (end: string) => chosen.has(linkEnd(end).node);
  const crossing = flow.links.filter((link) => isInside(link.from) !== isInside(link.to));
  const into = edgeOf(
    flow,
    crossing.filter((link) => isInside(link.to)),
    faceOf,
  );
  const out = edgeOf(
    flow,
    crossing.filter((link) => isInside(link.from)),
    faceOf,
  );
  const positions = positionsOf(flow, faceOf);
  const body = bodyOfChosen(flow, { chosen, into, out, positions, collapsing });
  const rest = removeNodes(flow, [...chosen]);
  const node = freshNodeId(rest, runner.kind);
  const added = addNode(rest, {
    id: node,
    node: { kind: runner.kind, config: { ...runner.initial, [setting]: name } },
    at: middleOf(flow, chosen, positions, faceOf),
  });
  const links = [
    ...[...into].map(([from, edge]): Link => ({ from, to: `${node}.${edge.name}` })),
    ...[...out.values()].flatMap((edge) => edge.links.map((link): Link => ({ from: `${node}.${edge.name}`, to: link.to }))),
  ];
  return { flow: { ...added, links: [...added.links, ...links] }, body, node };
}

/** Makes a flow of what is selected, as one step; gives why not where it cannot be done. */
export function collapseSelection(editor: Editor): string | undefined {
  const { document, flow, level, selection } = editor.state();
  const name = freeName('part', (each) => Object.hasOwn(document.flows ?? {}, each));
  const made = collapse(flow, { nodes: selection.nodes, kinds: [...editor.registry.values()], faceOf: editor.face, name });
  if ('why' in made) return made.why;
  const put = (before: Flow): Flow => ({ ...before, flows: { ...before.flows, [name]: made.body } });
  editor.editDocument('Make a flow', (before) => put(changeAt(before, level, () => made.flow)), { select: [made.node] });
  return undefined;
}

function whyNot(flow: Flow, chosen: ReadonlySet<string>, faceOf: FaceOf): string | undefined {
  const title = (id: string) => (flow.nodes[id] ? faceOf(flow.nodes[id]).title : id);
  if (chosen.size === 0) return 'Choose the nodes that are to be a flow of their own.';
  const end = [...chosen].find((id) => flow.nodes[id] && faceOf(flow.nodes[id]).kind?.role !== undefined);
  if (end !== undefined) return `"${title(end)}" is where this flow begins or ends, and stays in it. Choose the nodes between.`;
  const grant = flow.grants.find(({ from, to }) => chosen.has(from) !== chosen.has(to));
  if (grant) return `"${title(grant.from)}" may call "${title(grant.to)}". Choose both of them, or neither.`;
  const left = flow.links.filter((link) => chosen.has(linkEnd(link.from).node) && !chosen.has(linkEnd(link.to).node));
  const between = left.map((link) => linkEnd(link.to).node).find((id) => [...chosen].some((own) => isUpstream(flow.links, id, own)));
  return between === undefined ? undefined : `"${title(between)}" works between the chosen nodes. Choose it too.`;
}

function edgeOf(flow: Flow, links: readonly Link[], faceOf: FaceOf): Edge {
  const edge: Edge = new Map();
  const taken = new Set<string>();
  for (const link of links) {
    const before = edge.get(link.from);
    if (before) {
      before.links.push(link);
      continue;
    }
    const { node, port } = linkEnd(link.from);
    const source = flow.nodes[node];
    const name = freeName(port, (each) => taken.has(each));
    taken.add(name);
    edge.set(link.from, { name, schema: (source && faceOf(source).ports.outputs[port]) ?? {}, links: [link] });
  }
  return edge;
}

interface Parts {
  chosen: ReadonlySet<string>;
  into: Edge;
  out: Edge;
  positions: Positions;
  collapsing: Collapsing;
}

function bodyOfChosen(flow: Flow, { chosen, into, out, positions, collapsing: { kinds, faceOf } }: Parts): Subflow {
  const isInside = (end: string) => chosen.has(linkEnd(end).node);
  const pick = <T>(record: Readonly<Record<string, T>>) => Object.fromEntries(Object.entries(record).filter(([id]) => chosen.has(id)));
  let body: Flow = {
    ...flow,
    nodes: pick(flow.nodes),
    links: flow.links.filter((link) => isInside(link.from) && isInside(link.to)),
    grants: flow.grants.filter((grant) => chosen.has(grant.from)),
    layout: pick(positions) as Record<string, Position>,
  };
  const boxes = [...chosen].map((id) => ({ at: positions[id] ?? [0, 0], ...cardSize(faceOf(flow.nodes[id] as Flow['nodes'][string])) }));
  const top = Math.min(...boxes.map(({ at }) => at[1]), dividerOf(body, body.layout ?? {}, faceOf) - endGap);
  const places = { entry: Math.min(...boxes.map(({ at }) => at[0])) - 200 - endGap, exit: Math.max(...boxes.map(({ at, width }) => at[0] + width)) + endGap };
  for (const [role, edge] of [
    ['entry', into],
    ['exit', out],
  ] as const) {
    const kind = kinds.find((each) => each.role === role);
    const setting = kind && fieldOf(kind, 'fields');
    if (!kind || setting === undefined || edge.size === 0) continue;
    const id = freshNodeId(body, kind.kind);
    const fields = Object.fromEntries([...edge.values()].map(({ name, schema }) => [name, schema])) as JsonObject;
    body = addNode(body, { id, node: { kind: kind.kind, config: { [setting]: fields } }, at: [places[role], top] });
    const links = [...edge].flatMap(([from, { name, links: crossing }]): Link[] =>
      role === 'entry' ? crossing.map((link) => ({ from: `${id}.${name}`, to: link.to })) : [{ from, to: `${id}.${name}` }],
    );
    body = { ...body, links: [...body.links, ...links] };
  }
  const { nodes, links, grants, layout = {} } = body;
  return { nodes, links, grants, layout };
}

/** Where the nodes stood, in the band of the node that takes their place. */
function middleOf(flow: Flow, chosen: ReadonlySet<string>, positions: Positions, faceOf: FaceOf): Position {
  const places = [...chosen].map((id) => positions[id] ?? [0, 0]);
  const mean = (axis: 0 | 1) => Math.round(places.reduce((sum, at) => sum + (at[axis] ?? 0), 0) / places.length);
  return [mean(0), Math.round(slideHome('control', mean(1), { height: 64, divider: dividerOf(flow, positions, faceOf) }))];
}

function fieldOf(kind: Kind, widget: string): string | undefined {
  return Object.entries(kind.config.shape).find(([, schema]) => schema.meta()?.widget === widget)?.[0];
}
