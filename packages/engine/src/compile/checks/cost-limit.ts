/** A limit of cost can be held only where the price of some model that is asked is known. Of the document as a whole: its limits hold for all its flows. */
import { connectionUses, type Diagnostic, type Workspace } from '@switchyard/shared';
import type { Graph } from '../graph.ts';
import { quotedList } from '../nearest-name.ts';
import { requiresOf } from '../requires.ts';

/** `subgraphs` are those of the document's flows. Without a workspace, or where it lacks one of the models, nothing is known of their prices. */
export function checkCostLimit(graph: Graph, subgraphs: Iterable<Graph>): Diagnostic[] {
  const { flow, workspace } = graph;
  if (!workspace || flow.limits?.cost === undefined) return [];
  const { models, connections } = requiresOf([graph, ...subgraphs]);
  const asked = [...new Set([...models, ...connections.flatMap((name) => modelsBehind(workspace, name))])];
  if (asked.length === 0 || asked.some((name) => !Object.hasOwn(workspace.models, name) || hasPrice(workspace, name))) return [];
  return [
    {
      code: 'cost-unknown',
      severity: 'warning',
      path: '/limits/cost',
      message: `The limit of cost never ends a run: no price is known of the models that the flow asks, ${quotedList(asked)}. Give them prices in the workspace, or limit the tokens instead.`,
    },
  ];
}

function modelsBehind({ connections }: Workspace, name: string): string[] {
  const connection = Object.hasOwn(connections, name) ? connections[name] : undefined;
  return connection ? connectionUses(connection).models : [];
}

function hasPrice({ models }: Workspace, name: string): boolean {
  const { inputPrice, outputPrice } = models[name]?.card ?? {};
  return inputPrice !== undefined || outputPrice !== undefined;
}
