/** What a node does when it fails can be done: its error port is its own, and its default outputs are ports that it has, of their types. */
import { errorPort, pointer, type Diagnostic, type Json, type NodePolicy } from '@switchyard/shared';
import { mismatchText, schemaMistakes, validate } from '../../schema.ts';
import { isKnown, titleOf, type Graph, type KnownNode } from '../graph.ts';
import { quotedList } from '../nearest-name.ts';

export function checkPolicies(graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const node of graph.nodes.values()) {
    const { policy } = node.node;
    if (!policy || !isKnown(node)) continue;
    found.push(...checkHandling(node, policy, graph), ...checkDefaults(node, policy), ...checkPauses(node, policy));
  }
  return found;
}

function checkHandling(node: KnownNode, { onFailure }: NodePolicy, { flows }: Graph): Diagnostic[] {
  if (onFailure !== 'port') return [];
  const own = node.kind.ports(node.config, node.subflow === undefined ? undefined : flows.get(node.subflow)).outputs;
  if (!Object.hasOwn(own, errorPort)) return [];
  return [
    told(
      node,
      ['onFailure'],
      `"${titleOf(node)}" (${node.id}) has an output "${errorPort}" of its own, so its failure cannot be given there. Rename that output, or go on with a default instead.`,
    ),
  ];
}

function checkDefaults(node: KnownNode, { onFailure, default: values }: NodePolicy): Diagnostic[] {
  if (!values) return [];
  if (onFailure !== 'continue') {
    return [told(node, ['default'], 'Default outputs are given only where the node goes on after a failure. Set "onFailure" to "continue", or take them out.')];
  }
  const { outputs } = node.ports;
  return Object.entries(values).flatMap(([port, value]) => {
    if (!Object.hasOwn(outputs, port)) {
      return [told(node, ['default', port], `"${titleOf(node)}" (${node.id}) has no output "${port}". Its outputs: ${quotedList(Object.keys(outputs))}.`)];
    }
    const schema = outputs[port] ?? {};
    if (schemaMistakes(schema).length > 0) return [];
    const mismatches = validate(schema, value as Json);
    return mismatches.length === 0
      ? []
      : [told(node, ['default', port], `The default for "${port}" does not fit what the port gives: ${mismatchText(mismatches)}`)];
  });
}

function checkPauses(node: KnownNode, { retry }: NodePolicy): Diagnostic[] {
  if (retry?.baseMs === undefined || retry.maxMs === undefined || retry.baseMs <= retry.maxMs) return [];
  return [told(node, ['retry', 'maxMs'], `The longest pause between tries (${retry.maxMs} ms) is shorter than the first (${retry.baseMs} ms). Raise "maxMs".`)];
}

function told(node: KnownNode, place: string[], message: string): Diagnostic {
  return { code: 'policy-invalid', severity: 'error', path: pointer(['nodes', node.id, 'policy', ...place]), node: node.id, field: 'policy', message };
}
