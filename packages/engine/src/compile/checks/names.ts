/** Names of fields and parameters become ports and properties: right letters, and no word that expressions or objects keep for themselves. */
import { celWords, isJsonObject, isPortName, pointer, refusedKeys, type Diagnostic } from '@switchyard/shared';
import type { ConfigField } from '../../config-fields.ts';
import type { Graph, GraphNode } from '../graph.ts';

export function checkNames(graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const node of graph.nodes.values()) {
    for (const setting of node.fields) if (setting.widget === 'fields') found.push(...checkFields(node, setting));
  }
  return found;
}

function checkFields(node: GraphNode, { path, value }: ConfigField): Diagnostic[] {
  if (!isJsonObject(value)) return [];
  return Object.keys(value)
    .filter((name) => !isPortName(name))
    .map((name) => ({
      code: 'name-refused',
      severity: 'error',
      path: pointer(['nodes', node.id, 'config', ...path, name]),
      node: node.id,
      field: String(path[0]),
      message: `"${name}" cannot be a name here: ${reason(name)}.`,
    }));
}

function reason(name: string): string {
  if (refusedKeys.has(name)) return 'it is reserved';
  if (celWords.has(name)) return 'it is a word of the expression language, so no expression could use it. Add a letter, or take another word';
  return 'a name has letters, digits and _ only, and does not begin with a digit';
}
