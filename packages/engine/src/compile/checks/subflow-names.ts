/** A node that runs a flow of this document names one that is there. */
import { pointer, type Diagnostic } from '@switchyard/shared';
import type { Graph } from '../graph.ts';
import { nearestName, quotedList } from '../nearest-name.ts';

export function checkSubflowNames(graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { id, fields } of graph.nodes.values()) {
    for (const { widget, path: place, value } of fields) {
      if (widget !== 'flow' || typeof value !== 'string' || value === '' || graph.flows.has(value)) continue;
      const path = pointer(['nodes', id, 'config', ...place]);
      const near = nearestName(value, graph.flows.keys());
      found.push({
        code: 'flow-missing',
        severity: 'error',
        path,
        node: id,
        field: String(place[0]),
        message: `This document has no flow "${value}" under "flows". It has ${quotedList(graph.flows.keys())}. Add the flow, or choose another.`,
        ...(near !== undefined && { fix: { title: `Use "${near}"`, patch: [{ op: 'replace', path, value: near }] } }),
      });
    }
  }
  return found;
}
