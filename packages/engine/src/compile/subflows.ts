/** The flows within a document: which runs which, and where their mistakes stand in the whole. */
import { pointer, type Diagnostic, type Flow, type Subflow } from '@switchyard/shared';
import type { Graph } from './graph.ts';
import { knots, type Edge } from './knots.ts';

/** The subflow as a document of its own, to be resolved and checked as any flow is. */
export function asFlow(name: string, subflow: Subflow): Flow {
  return { format: 'switchyard.flow', version: 1, name, ...subflow };
}

/** The subflow's mistakes as mistakes of the whole document. */
export function withinFlow(name: string, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const base = pointer(['flows', name]);
  return diagnostics.map(({ node: _, fix, ...rest }) => ({
    ...rest,
    path: base + rest.path,
    flow: name,
    ...(fix && { fix: { ...fix, ...(fix.patch && { patch: fix.patch.map((step) => ({ ...step, path: base + step.path })) }) } }),
  }));
}

/** No flow runs itself, through others or not. */
export function checkFlowCycles(graphs: ReadonlyMap<string, Graph>): Diagnostic[] {
  const edges = [...graphs].flatMap(([name, graph]) => runsOf(name, graph));
  return knots(edges).map((round) => {
    const last = round.at(-1) as Edge;
    const names = round.map(({ from }) => from);
    return {
      code: 'cycle',
      severity: 'error',
      path: last.path,
      flow: last.from,
      message: `The flows run one another without end: ${[...names, names[0]].join(' → ')}. Let one of them run another flow, or none.`,
    };
  });
}

function runsOf(name: string, graph: Graph): Edge[] {
  return [...graph.nodes.values()].flatMap(({ id, subflow }) =>
    subflow === undefined ? [] : [{ from: name, to: subflow, path: pointer(['flows', name, 'nodes', id, 'config']) }],
  );
}
