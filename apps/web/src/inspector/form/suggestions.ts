/** What may be written into a hole: the node's own inputs, and outputs that may be wired to it. Pure. */
import type { Ports } from '@switchyard/engine';
import { isPortName, linkEnd, type Flow, type FlowNode, type Json, type Link, type Schema } from '@switchyard/shared';

export interface Offer {
  /** The name of the input, as it is written. */
  name: string;
  detail: string;
  sample?: string;
  /** The wire that choosing it draws. */
  link?: Link;
}

interface Sources {
  ports(node: FlowNode): Ports;
  title(node: FlowNode): string;
  /** What a port last gave. */
  sample(node: string, port: string): Json | undefined;
  /** Whether a node runs only when called: wiring its outputs would make a step of it. */
  isOnCallOnly(node: string): boolean;
}

/** Own inputs first, then outputs of nodes that do not depend on this one. */
export function offersFor(flow: Flow, id: string, sources: Sources): Offer[] {
  const node = flow.nodes[id];
  if (!node) return [];
  const own = Object.keys(sources.ports(node).inputs);
  const wired = new Map(flow.links.filter((link) => linkEnd(link.to).node === id).map((link) => [linkEnd(link.to).port, link.from]));
  const offers: Offer[] = own.map((name) => ownOffer(flow, sources, { name, from: wired.get(name) }));
  const later = dependents(flow, id);
  const taken = new Set(own);
  const given = new Set(wired.values());
  for (const [other, content] of Object.entries(flow.nodes)) {
    if (other === id || later.has(other) || sources.isOnCallOnly(other)) continue;
    for (const [port, schema] of Object.entries(sources.ports(content).outputs)) {
      const from = `${other}.${port}`;
      const name = [port, `${other}_${port}`].find((wish) => isPortName(wish) && !taken.has(wish));
      if (given.has(from) || name === undefined) continue;
      taken.add(name);
      offers.push({
        name,
        detail: `${typeWord(schema)} · from ${sources.title(content)}`,
        ...sampleText(sources.sample(other, port)),
        link: { from, to: `${id}.${name}` },
      });
    }
  }
  return offers;
}

function ownOffer(flow: Flow, sources: Sources, { name, from }: { name: string; from: string | undefined }): Offer {
  if (from === undefined) return { name, detail: 'not wired' };
  const { node, port } = linkEnd(from);
  const content = flow.nodes[node];
  const schema = content && sources.ports(content).outputs[port];
  return { name, detail: `${typeWord(schema)} · from ${content ? sources.title(content) : node}`, ...sampleText(sources.sample(node, port)) };
}

/** Nodes that the node leads to: wiring them back would close a circle. */
function dependents(flow: Flow, id: string): Set<string> {
  const found = new Set<string>();
  const waiting = [id];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const link of flow.links) {
      const to = linkEnd(link.to).node;
      if (linkEnd(link.from).node === node && !found.has(to)) {
        found.add(to);
        waiting.push(to);
      }
    }
  }
  return found;
}

function typeWord(schema: Schema | undefined): string {
  if (Array.isArray(schema?.enum)) return 'choice';
  if (typeof schema?.type !== 'string') return 'anything';
  return schema.type === 'string' ? 'text' : schema.type === 'array' ? 'list' : schema.type;
}

function sampleText(value: Json | undefined): { sample?: string } {
  if (value === undefined) return {};
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { sample: text.length > 120 ? `${text.slice(0, 120)}…` : text };
}
