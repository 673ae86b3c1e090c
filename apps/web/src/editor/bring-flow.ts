/**
 * Brings a saved flow into a document: its nodes, wires and layout become a flow of that document, and so do the flows within it (decision 30).
 *
 * 1. What the document has already stays as it is; only `into` replaces a flow, and takes away the flows that nothing but that one ran.
 * 2. A flow that is there already, under its name or that name with a number, is used again. One that would clash gets a number.
 * 3. A name that leads nowhere in the saved flow leads nowhere afterwards.
 * 4. The result is a document that can be read again, or there is none.
 */
import type { Registry } from '@switchyard/engine';
import { emptyFlow, readFlow, type Diagnostic, type Flow, type Json, type Subflow } from '@switchyard/shared';
import { bodyOf, flowNamed, flowReferences, isSameFlow, reachableFlows, renameReferences, setAt, type Flows } from './flow-references.ts';
import { freeName, nameOfWords } from './fresh-name.ts';

export interface Bringing {
  saved: Flow;
  registry: Registry;
  /** What it is to be called; its title where nothing is said. */
  wish?: string;
  /** The flow of the document that it replaces. */
  into?: string;
}

export interface Brought {
  /** The document with the flow; the same object where it was there already. Absent where it cannot be brought in. */
  flow?: Flow;
  /** What the document calls it. */
  name: string;
  diagnostics: readonly Diagnostic[];
}

/** Copies a saved flow into the document's `flows`. Pure. */
export function bringFlow(document: Flow, bringing: Bringing): Brought {
  const { registry, into, wish = bringing.saved.name } = bringing;
  const { document: saved, diagnostics } = readFlow(bringing.saved);
  if (!saved) return { name: '', diagnostics };
  const there = document.flows ?? {};
  const old = into === undefined ? undefined : flowNamed(there, into);
  const same = sameFlow(there, { wish: nameOfWords(wish, unnamed), body: bodyOf(saved), flows: saved.flows ?? {}, registry });
  if (old && into !== undefined) {
    if (isSameFlow({ body: old, flows: there }, { body: bodyOf(saved), flows: saved.flows ?? {} }, registry))
      return { flow: document, name: into, diagnostics: [] };
    return checked({ ...document, flows: copyInto(withoutCopy(document, into, registry), { saved, name: into, registry }) }, into);
  }
  if (same !== undefined) return { flow: document, name: same, diagnostics: [] };
  const name = freeName(nameOfWords(wish, unnamed), (each) => Object.hasOwn(there, each));
  return checked({ ...document, flows: copyInto(there, { saved, name, registry }) }, name);
}

/** What a flow is called whose title has no letter that may stand in a name. */
const unnamed = 'flow';

/** The document's flow that counts as a copy of the saved one: the same, or else the one that has its name. */
export function copyOf(document: Flow, saved: Flow, registry: Registry): { name: string; isSame: boolean } | undefined {
  const flows = document.flows ?? {};
  const wish = nameOfWords(saved.name, unnamed);
  const same = sameFlow(flows, { wish, body: bodyOf(saved), flows: saved.flows ?? {}, registry });
  if (same !== undefined) return { name: same, isSame: true };
  return Object.hasOwn(flows, wish) ? { name: wish, isSame: false } : undefined;
}

/** The saved flow that a flow of the document was brought from, as far as its name tells; undefined where several may be meant. */
export function originOf<Saved extends { name: string }>(name: string, saved: readonly Saved[]): Saved | undefined {
  for (const wanted of [name, baseOf(name)]) {
    const found = saved.filter((each) => nameOfWords(each.name, unnamed) === wanted);
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}

/** A flow of the document as a document of its own, with the flows below it: what a saved flow is when it is brought in, the other way round. */
export function flowOnItsOwn(document: Flow, name: string, registry: Registry): Flow | undefined {
  const flows = document.flows ?? {};
  const body = flowNamed(flows, name);
  if (!body) return undefined;
  const below = reachableFlows(
    flowReferences(body, registry).map((reference) => reference.name),
    flows,
    registry,
  );
  const kept = Object.entries(flows).filter(([each]) => below.has(each));
  return { ...emptyFlow(titleOf(name)), ...body, ...(kept.length > 0 && { flows: Object.fromEntries(kept) }) };
}

/** "price_of_orders" reads "Price of orders", which gives that name again. */
function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Takes a flow out of the document; without any, it has no `flows`. */
export function dropFlow(document: Flow, name: string): Flow {
  const { flows = {}, ...rest } = document;
  if (!Object.hasOwn(flows, name)) return document;
  const kept = Object.entries(flows).filter(([each]) => each !== name);
  return kept.length === 0 ? rest : { ...rest, flows: Object.fromEntries(kept) };
}

/** Sets the setting at a pointer to the name of a flow; changes nothing where its node is gone. A node without a title takes `title`, if one is given. */
export function chooseFlow(document: Flow, { at, name, title }: { at: string; name: string; title?: string }): Flow {
  const path = at
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const id = path[1] ?? '';
  const node = Object.hasOwn(document.nodes, id) ? document.nodes[id] : undefined;
  if (!node) return document;
  const nodes = title !== undefined && node.title === undefined ? { ...document.nodes, [id]: { ...node, title: title.slice(0, 200) } } : document.nodes;
  return setAt({ ...document, nodes } as unknown as Json, path, name) as unknown as Flow;
}

interface Sought {
  wish: string;
  body: Subflow;
  flows: Flows;
  registry: Registry;
}

/** The flow of the wished name, with a number or without, that is the same. */
function sameFlow(there: Flows, { wish, body, flows, registry }: Sought): string | undefined {
  const isKin = (name: string) => name === wish || baseOf(name) === baseOf(wish);
  const kin = Object.keys(there).filter(isKin);
  const isSame = (name: string) => isSameFlow({ body, flows }, { body: there[name] as Subflow, flows: there }, registry);
  return kin.includes(wish) && isSame(wish) ? wish : kin.find(isSame);
}

function baseOf(name: string): string {
  return name.replace(/_\d+$/, '');
}

/** The flows with the saved one under `name` and those within it under names that are free. */
function copyInto(there: Flows, { saved, name, registry }: { saved: Flow; name: string; registry: Registry }): Record<string, Subflow> {
  const flows = saved.flows ?? {};
  const copied: Record<string, Subflow> = { ...there };
  const names = new Map<string, string>();
  const taken = new Set([...Object.keys(there), name]);
  const waiting = [{ name, body: bodyOf(saved) }];
  const nameFor = (wish: string): string => {
    const known = names.get(wish);
    if (known !== undefined) return known;
    const body = flowNamed(flows, wish);
    const same = body && sameFlow(there, { wish, body, flows, registry });
    const own = same ?? (taken.has(wish) ? freeName(baseOf(wish).slice(0, 56), (each) => taken.has(each)) : wish);
    names.set(wish, own);
    taken.add(own);
    if (body && same === undefined) waiting.push({ name: own, body });
    return own;
  };
  // Flows that are met on the way are added to the list while it is gone through.
  for (const { name: own, body } of waiting) copied[own] = renameReferences(body, registry, nameFor);
  return copied;
}

/** The flows without this one and without those that only it runs. */
function withoutCopy(document: Flow, name: string, registry: Registry): Flows {
  const flows = document.flows ?? {};
  const below = reachableFlows([name], flows, registry);
  const outside = Object.keys(flows).filter((each) => !below.has(each));
  const started = flowReferences(document, registry).map((reference) => reference.name);
  const { [name]: _gone, ...rest } = flows;
  const kept = reachableFlows(
    [...outside, ...started].filter((each) => each !== name),
    rest,
    registry,
  );
  return Object.fromEntries(Object.entries(rest).filter(([each]) => kept.has(each)));
}

/** A document that grew too large, or nested too deeply, is none. */
function checked(flow: Flow, name: string): Brought {
  const { document, diagnostics } = readFlow(flow);
  return document ? { flow, name, diagnostics: [] } : { name, diagnostics };
}
