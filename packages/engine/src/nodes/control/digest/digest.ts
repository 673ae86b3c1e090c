/**
 * What a control node is told of its data layer before it asks: nodes, their operations, and what their catalogues say, fitted to a number of tokens.
 *
 * 1. Where all of it fits, all of it is told. Else what shares words with the request keeps its detail, and the rest is told by name as far as names fit.
 * 2. It is never above the budget, but where the names of the nodes are that already: each granted node is named.
 * 3. The same grants, catalogues and request give the same digest.
 */
import type { JsonObject } from '@switchyard/shared';
import type { Granted } from '../../../node.ts';
import type { BoundTool } from '../operations/bound-tools.ts';
import { fitCatalogues } from './fit-catalogues.ts';
import { tokensOf } from './tokens.ts';

/** What was granted, the tools made of it, and the catalogues by node id, as far as they could be read. */
export interface DataLayer {
  granted: readonly Granted[];
  tools: readonly BoundTool[];
  catalogues: JsonObject;
}

/** What a digest is fitted to. */
export interface Fitting {
  /** What was asked, as text. */
  request: string;
  /** Tokens that the digest may take. */
  budget: number;
}

const bareDigests = new WeakMap<readonly BoundTool[], { budget: number; text: string }>();

/** The digest as JSON text. Where there is no catalogue, it is the same for the same tools. */
export function digest(layer: DataLayer, fitting: Fitting): string {
  if (Object.keys(layer.catalogues).length > 0) return compose(layer, fitting);
  const known = bareDigests.get(layer.tools);
  if (known?.budget === fitting.budget) return known.text;
  const text = compose(layer, fitting);
  bareDigests.set(layer.tools, { budget: fitting.budget, text });
  return text;
}

function compose(layer: DataLayer, fitting: Fitting): string {
  const told = toldCatalogues(layer);
  const whole = write(describeNodes(layer), told);
  if (tokensOf(whole) <= fitting.budget) return whole;
  // Half of it is left to the catalogues.
  const nodes = fittingNodes(layer, Object.keys(told).length > 0 ? fitting.budget / 2 : fitting.budget);
  const room = fitting.budget - tokensOf(write(nodes, {}));
  if (Object.keys(told).length === 0 || room <= 0) return write(nodes, {});
  const fitted = fitCatalogues(told, { request: fitting.request, budget: room });
  const text = write(nodes, fitted);
  return tokensOf(text) <= fitting.budget ? text : write(nodes, {});
}

/** What each catalogue says beyond what the tools say already. */
function toldCatalogues({ granted, catalogues }: DataLayer): JsonObject {
  const told: JsonObject = {};
  for (const { node, tell } of granted) {
    const catalogue = catalogues[node];
    const rest = catalogue === undefined || !tell ? catalogue : tell(catalogue);
    if (rest !== undefined) told[node] = rest;
  }
  return told;
}

function describeNodes({ granted, tools }: DataLayer): JsonObject {
  return Object.fromEntries(
    granted.map(({ node, kind, title }) => [node, { title, kind, operations: tools.filter((tool) => tool.node === node).map(({ name }) => name) }]),
  );
}

/** The nodes in the fullest form that is within this budget; else in the shortest, their names. */
function fittingNodes(layer: DataLayer, budget: number): JsonObject {
  const full = describeNodes(layer);
  // The tools themselves are told to the model besides: their names begin with the node's.
  const brief = Object.fromEntries(layer.granted.map(({ node, kind, title }) => [node, { title: title.slice(0, 60), kind }]));
  return [full, brief].find((nodes) => tokensOf(write(nodes, {})) <= budget) ?? Object.fromEntries(layer.granted.map(({ node }) => [node, {}]));
}

function write(nodes: JsonObject, catalogues: JsonObject): string {
  const entries = Object.entries(nodes).map(([node, about]) => {
    const catalogue = catalogues[node];
    return [node, catalogue === undefined ? about : { ...(about as JsonObject), catalogue }];
  });
  return JSON.stringify({ nodes: Object.fromEntries(entries) });
}
