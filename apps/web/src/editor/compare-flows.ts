/**
 * How two versions of a document differ, by what a person knows of it: its nodes with their settings, its wires, its flows, and what belongs to it as a whole. Pure.
 *
 * 1. Nothing is said of what came before: what one has and the other has not may have been added there or taken away here.
 * 2. The order of wires is no difference, nor is what an export adds.
 */
import { isJsonObject, stableText, type Flow, type FlowNode, type Grant, type Json, type Subflow } from '@switchyard/shared';

/** A setting that the two have differently; undefined where one of them has none. */
export interface SettingDifference {
  name: string;
  mine: Json | undefined;
  theirs: Json | undefined;
}

export interface Difference {
  what: 'flow' | 'node' | 'link' | 'grant' | 'positions';
  /** Tells it from the others. */
  key: string;
  title: string;
  /** Of a node. */
  id?: string;
  kind?: string;
  /** The flow of the document that it is in; absent for the document itself. */
  within?: string;
  /** Who alone has it; absent where both have it and it differs. */
  only?: 'mine' | 'theirs';
  settings: readonly SettingDifference[];
}

/** What nodes and their settings are called. */
export interface Titles {
  node(node: FlowNode): string;
  setting(node: FlowNode, name: string): string;
}

interface Versions<T> {
  mine: T;
  theirs: T;
}

/** The document itself first, then flow by flow. */
export function compareFlows(mine: Flow, theirs: Flow, titles: Titles): Difference[] {
  const whole = compareSettings(wholeOf(mine), wholeOf(theirs));
  const flows: Versions<Record<string, Subflow>> = { mine: mine.flows ?? {}, theirs: theirs.flows ?? {} };
  return [
    ...(whole.length > 0 ? [{ what: 'flow' as const, key: 'whole', title: 'The flow as a whole', settings: whole }] : []),
    ...compareBodies({ mine, theirs }, titles),
    ...namesOf(flows).flatMap((name): Difference[] => {
      const { mine: own, theirs: other } = at(flows, name);
      if (own && other) return compareBodies({ mine: own, theirs: other }, titles).map((each) => ({ ...each, within: name, key: `${name}/${each.key}` }));
      return [{ what: 'flow', key: `flow ${name}`, title: name, only: own ? 'mine' : 'theirs', settings: [] }];
    }),
  ];
}

function wholeOf({ name, description, limits }: Flow): Settings {
  return { Name: name, Description: description, ...prefixed('Limit', limits) };
}

function compareBodies(bodies: Versions<Subflow>, titles: Titles): Difference[] {
  const { mine, theirs } = bodies;
  const titleOf = (id: string) => {
    const node = mine.nodes[id] ?? theirs.nodes[id];
    return node ? titles.node(node) : id;
  };
  const endOf = (end: string) => end.replace(/^[^.]+/, titleOf);
  return [
    ...compareNodes({ mine: mine.nodes, theirs: theirs.nodes }, titles),
    ...compareWires('link', { mine: byEnds(mine.links), theirs: byEnds(theirs.links) }, endOf),
    ...compareWires('grant', { mine: byEnds(mine.grants), theirs: byEnds(theirs.grants) }, titleOf),
    ...comparePositions(bodies),
  ];
}

function compareNodes(nodes: Versions<Record<string, FlowNode>>, titles: Titles): Difference[] {
  return namesOf(nodes).flatMap((id): Difference[] => {
    const { mine, theirs } = at(nodes, id);
    const node = mine ?? theirs;
    if (!node) return [];
    const told = { what: 'node' as const, key: `node ${id}`, title: titles.node(node), id, kind: node.kind };
    if (!mine || !theirs) return [{ ...told, only: mine ? 'mine' : 'theirs', settings: [] }];
    const own = compareSettings({ Kind: mine.kind, Title: mine.title }, { Kind: theirs.kind, Title: theirs.title });
    const config = compareSettings(mine.config, theirs.config).map((each) => ({ ...each, name: titles.setting(node, each.name) }));
    const policy = compareSettings(prefixed('When it is slow or fails', mine.policy), prefixed('When it is slow or fails', theirs.policy));
    const settings = [...own, ...config, ...policy];
    return settings.length > 0 ? [{ ...told, settings }] : [];
  });
}

type Wire = Pick<Grant, 'from' | 'to'> & Partial<Grant>;

function byEnds<T extends Wire>(wires: readonly T[]): Record<string, T> {
  return Object.fromEntries(wires.map((wire) => [`${wire.from} → ${wire.to}`, wire]));
}

function compareWires(what: 'link' | 'grant', wires: Versions<Record<string, Wire>>, titleOf: (end: string) => string): Difference[] {
  return namesOf(wires).flatMap((ends): Difference[] => {
    const { mine, theirs } = at(wires, ends);
    const wire = mine ?? theirs;
    if (!wire) return [];
    const told = { what, key: `${what} ${ends}`, title: `${titleOf(wire.from)} → ${titleOf(wire.to)}` };
    if (!mine || !theirs) return [{ ...told, only: mine ? 'mine' : 'theirs', settings: [] }];
    const settings = compareSettings(allowanceOf(mine), allowanceOf(theirs));
    return settings.length > 0 ? [{ ...told, settings }] : [];
  });
}

function allowanceOf({ operations, approval, approvalSeconds }: Wire): Settings {
  return { Operations: operations, 'Ask me': approval, 'Seconds to answer': approvalSeconds };
}

/** Where nodes stand that both have. */
function comparePositions({ mine, theirs }: Versions<Subflow>): Difference[] {
  const both = Object.keys(mine.nodes).filter((id) => Object.hasOwn(theirs.nodes, id));
  const moved = both.filter((id) => !isSame(mine.layout?.[id], theirs.layout?.[id])).length;
  if (moved === 0) return [];
  return [{ what: 'positions', key: 'positions', title: moved === 1 ? '1 node stands elsewhere' : `${moved} nodes stand elsewhere`, settings: [] }];
}

type Settings = Readonly<Record<string, Json | undefined>>;

function compareSettings(mine: Settings, theirs: Settings): SettingDifference[] {
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
  return names.filter((name) => !isSame(mine[name], theirs[name])).map((name) => ({ name, mine: mine[name], theirs: theirs[name] }));
}

function prefixed(words: string, record: object | undefined): Settings {
  return Object.fromEntries(Object.entries(record ?? {}).map(([name, value]) => [`${words}: ${name}`, value as Json]));
}

function namesOf<T>({ mine, theirs }: Versions<Record<string, T>>): string[] {
  return [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
}

/** A name such as `constructor` is no property that every object has. */
function at<T>({ mine, theirs }: Versions<Record<string, T>>, name: string): Versions<T | undefined> {
  return { mine: Object.hasOwn(mine, name) ? mine[name] : undefined, theirs: Object.hasOwn(theirs, name) ? theirs[name] : undefined };
}

function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one === other || stableText(one) === stableText(other);
}

const before = 24;
const most = 160;

/** Both values as text, from a little before where they part, so that a difference deep in a long text is seen. */
export function partingTexts({ mine, theirs }: SettingDifference): Versions<string | undefined> {
  const [own, other] = [textOf(mine), textOf(theirs)];
  if (own === undefined || other === undefined) return { mine: own && excerpt(own, 0), theirs: other && excerpt(other, 0) };
  let same = 0;
  while (same < own.length && own[same] === other[same]) same += 1;
  const from = same <= before ? 0 : same - before;
  return { mine: excerpt(own, from), theirs: excerpt(other, from) };
}

function textOf(value: Json | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  return isJsonObject(value) || Array.isArray(value) ? stableText(value) : String(value);
}

function excerpt(text: string, from: number): string {
  return `${from > 0 ? '…' : ''}${text.slice(from, from + most)}${from + most < text.length ? '…' : ''}`;
}
