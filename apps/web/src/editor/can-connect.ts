/** What may be joined to what: one rule book for dragging wires, dropping on cards, the picker, and the pictures of lit and faded targets. */
import { canFlow, schemaTypes, type Kind, type Ports } from '@switchyard/engine';
import type { Flow, Schema } from '@switchyard/shared';
import type { FaceOf } from './bands.ts';
import { hasLink, isUpstream } from './reach.ts';

/** One end of a wire: a port, or a node as caller or called. */
export type WireEnd = { node: string; side: 'output' | 'input'; port: string } | { node: string; side: 'caller' | 'called' };

export type Verdict = { joins: true; wire: { sort: 'link' | 'grant'; from: string; to: string }; misfit?: string } | { joins: false; why: string };

const refuse = (why: string): Verdict => ({ joins: false, why });

/** May these two ends be joined, in whichever order they were drawn? A misfit of types is told, not refused. */
export function canConnect(flow: Flow, ends: readonly [WireEnd, WireEnd], faceOf: FaceOf): Verdict {
  const [one, other] = ends;
  if (one.node === other.node) return refuse('A node cannot be wired to itself.');
  if ('port' in one && 'port' in other) {
    if (one.side === other.side)
      return refuse(one.side === 'output' ? 'Both are outputs: a link ends at an input.' : 'Both are inputs: a link begins at an output.');
    return one.side === 'output' ? canLink(flow, [one, other], faceOf) : canLink(flow, [other, one], faceOf);
  }
  if ('port' in one || 'port' in other) return refuse('A value and a permission are two things: ports join ports, squares join cards.');
  if (one.side === other.side) return refuse(one.side === 'caller' ? 'Grants end at the top of a node.' : 'Grants begin at the bottom edge of a control node.');
  return one.side === 'caller' ? canGrant(flow, [one.node, other.node], faceOf) : canGrant(flow, [other.node, one.node], faceOf);
}

type PortEnd = Extract<WireEnd, { port: string }>;

function canLink(flow: Flow, [source, target]: readonly [PortEnd, PortEnd], faceOf: FaceOf): Verdict {
  const given = portsOf(flow, source.node, faceOf)?.outputs;
  const wanted = portsOf(flow, target.node, faceOf)?.inputs;
  if (!given || !Object.hasOwn(given, source.port)) return refuse(`There is no output "${source.port}" here any more.`);
  if (!wanted || !Object.hasOwn(wanted, target.port)) return refuse(`There is no input "${target.port}" here any more.`);
  const wire = { sort: 'link' as const, from: `${source.node}.${source.port}`, to: `${target.node}.${target.port}` };
  if (hasLink(flow, wire)) return refuse('These are linked already.');
  if (isUpstream(flow.links, target.node, source.node)) return refuse('This would lead back to where it starts: links go one way.');
  const misfit = misfitText(given[source.port], wanted[target.port]);
  return misfit ? { joins: true, wire, misfit } : { joins: true, wire };
}

function canGrant(flow: Flow, [caller, called]: readonly [string, string], faceOf: FaceOf): Verdict {
  const [callerNode, calledNode] = [flow.nodes[caller], flow.nodes[called]];
  if (!callerNode || !faceOf(callerNode).mayCall) return refuse('Only a control node can be granted others.');
  if (!calledNode || !faceOf(calledNode).isCallable) return refuse('This node offers nothing to call.');
  if (flow.grants.some((grant) => grant.from === caller && grant.to === called)) return refuse('This is granted already.');
  if (isUpstream(flow.grants, called, caller)) return refuse('These would call each other without end.');
  return { joins: true, wire: { sort: 'grant', from: caller, to: called } };
}

/** The one way in which a wire drawn from `from` joins when it is dropped on a node's body; where there are several or none, why. */
export function dropOnNode(flow: Flow, from: WireEnd, node: string, faceOf: FaceOf): Verdict {
  const target = flow.nodes[node];
  if (!target) return refuse('This node is gone.');
  if (!('port' in from)) return canConnect(flow, [from, { node, side: from.side === 'caller' ? 'called' : 'caller' }], faceOf);
  const side = from.side === 'output' ? 'input' : 'output';
  const ports = side === 'input' ? faceOf(target).ports.inputs : faceOf(target).ports.outputs;
  const verdicts = Object.keys(ports).map((port) => canConnect(flow, [from, { node, side, port }], faceOf));
  const joining = verdicts.filter((verdict) => verdict.joins);
  const [refused] = verdicts;
  if (joining.length === 0) return refused ?? refuse(side === 'input' ? 'This node takes no value.' : 'This node gives no value.');
  const fitting = joining.filter((verdict) => !verdict.misfit);
  const taken = new Set(flow.links.map((link) => link.to));
  const free = fitting.filter((verdict) => !taken.has(verdict.wire.to));
  const chosen = onlyOne(free) ?? onlyOne(fitting) ?? onlyOne(joining);
  return chosen ?? refuse('Several ports fit: drop on the one you mean.');
}

/** Can a new node of this kind be wired to a wire dropped on empty canvas? Judged by what a fresh node of the kind offers. */
export function kindFits(kind: Kind, from: WireEnd, schema: Schema | undefined): boolean {
  if (!('port' in from)) return from.side === 'caller' ? kind.operations !== undefined : kind.mayCall === true;
  return freshPort(kind, from, schema) !== undefined || (from.side === 'output' && templateField(kind) !== undefined);
}

/** The first setting that is a template: a hole in it gives a fresh node an input for whatever arrives. */
export function templateField(kind: Kind): string | undefined {
  return Object.entries(kind.config.shape).find(([, schema]) => schema.meta()?.widget === 'template')?.[0];
}

/** The port of a fresh node that a dropped wire joins: the first that fits, by name if one is named alike. */
export function freshPort(kind: Kind, from: Extract<WireEnd, { port: string }>, schema: Schema | undefined): string | undefined {
  const ports = freshPorts(kind);
  const offered = Object.entries(from.side === 'output' ? ports.inputs : ports.outputs);
  const fits = offered.filter(([, own]) => (from.side === 'output' ? canFlow(schema, own) : canFlow(own, schema)));
  return (fits.find(([name]) => name === from.port) ?? fits[0])?.[0];
}

function freshPorts(kind: Kind): Ports {
  const parsed = kind.config.safeParse(kind.initial);
  try {
    return kind.ports(parsed.success ? parsed.data : kind.initial);
  } catch {
    return { inputs: {}, outputs: {} };
  }
}

/** What a port gives or takes, in a word or two: "text", "number or null". */
export function typeText(schema: Schema | undefined): string {
  const words = schemaTypes(schema)?.map((type) => typeWords[type] ?? type);
  return words && words.length > 0 ? words.join(' or ') : 'any value';
}

const typeWords: Readonly<Record<string, string>> = { string: 'text', object: 'object', array: 'list', integer: 'whole number', boolean: 'yes or no' };

function misfitText(given: Schema | undefined, wanted: Schema | undefined): string | undefined {
  if (canFlow(given, wanted)) return undefined;
  return `${typeText(given)} arrives where ${typeText(wanted)} is expected`;
}

function portsOf(flow: Flow, id: string, faceOf: FaceOf): Ports | undefined {
  const node = flow.nodes[id];
  return node && faceOf(node).ports;
}

function onlyOne<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}
