/** What a link carries fits where it ends, as far as the schemas tell. A warning: values may fit all the same. */
import { pointer, type Diagnostic, type Schema } from '@switchyard/shared';
import { canFlow, schemaTypes } from '../../schema.ts';
import { isKnown, type Graph } from '../graph.ts';

export function checkPortTypes(graph: Graph): Diagnostic[] {
  return graph.links.flatMap(({ index, link, from, to, isRepeated }): Diagnostic[] => {
    if (isRepeated || !isKnown(from.node) || !isKnown(to.node)) return [];
    const given = ownSchema(from.node.ports.outputs, from.port);
    const wanted = ownSchema(to.node.ports.inputs, to.port);
    if (canFlow(given, wanted)) return [];
    const types = (schema: typeof given) => schemaTypes(schema)?.join(' or ') ?? 'anything';
    return [
      {
        code: 'port-type',
        severity: 'warning',
        path: pointer(['links', index]),
        node: to.id,
        field: to.port,
        message: `"${link.from}" gives ${types(given)}, but "${link.to}" expects ${types(wanted)}. Convert the value on the way, or change one of the two types.`,
      },
    ];
  });
}

function ownSchema(ports: Record<string, Schema>, port: string): Schema | undefined {
  return Object.hasOwn(ports, port) ? ports[port] : undefined;
}
