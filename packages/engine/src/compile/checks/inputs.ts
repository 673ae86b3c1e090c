/** Every required input of a step is wired. A node that is only on call gets its arguments from the caller. */
import { pointer, type Diagnostic } from '@switchyard/shared';
import { isKnown, titleOf, type Graph } from '../graph.ts';

export function checkInputs(graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const node of graph.nodes.values()) {
    if (!node.isStep || !isKnown(node)) continue;
    const optional = new Set(node.ports.optional);
    const wired = new Set(node.linksIn.map((link) => link.to.port));
    for (const port of Object.keys(node.ports.inputs)) {
      if (optional.has(port) || wired.has(port)) continue;
      found.push({
        code: 'input-missing',
        severity: 'error',
        path: pointer(['nodes', node.id]),
        node: node.id,
        field: port,
        message: `"${titleOf(node)}" (${node.id}) needs a value at its input "${port}", and nothing is wired there. Draw a link to it.`,
      });
    }
  }
  return found;
}
