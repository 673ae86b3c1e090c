/** Every node can come to run, and the flow has a way in and a way out. */
import { pointer, type Diagnostic } from '@switchyard/shared';
import { titleOf, type Graph } from '../graph.ts';

export function checkReachability(graph: Graph): Diagnostic[] {
  const nodes = [...graph.nodes.values()];
  const found: Diagnostic[] = [];
  for (const node of nodes) {
    if (!node.kind || node.linksIn.length + node.linksOut.length + node.grantsIn.length > 0) continue;
    found.push({
      code: 'node-unreachable',
      severity: 'warning',
      path: pointer(['nodes', node.id]),
      node: node.id,
      message: `"${titleOf(node)}" (${node.id}) has ${node.grantsOut.length > 0 ? 'no link, and no grant leads to it' : 'neither a link nor a grant'}, so it has no part in a run. Wire it, or take it out.`,
    });
  }
  // A node of an unknown kind may be the end that seems to lack.
  if (nodes.some((node) => !node.kind)) return found;
  const has = (role: 'entry' | 'exit') => nodes.some((node) => node.kind?.role === role);
  if (!has('entry'))
    found.push({
      code: 'entry-missing',
      severity: 'warning',
      path: '/nodes',
      message: 'The flow has no node that takes its inputs, so a run starts from nothing. Add an input.',
    });
  if (!has('exit'))
    found.push({ code: 'exit-missing', severity: 'warning', path: '/nodes', message: 'The flow has no output, so a run gives nothing back. Add an output.' });
  return found;
}
