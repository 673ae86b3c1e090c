/** Who runs which flow of a document. */
import type { Registry } from '@switchyard/engine';
import type { Flow } from '@switchyard/shared';
import { flowReferences } from './flow-references.ts';
import { everyLevel } from './levels.ts';

/** How many settings name each flow of the document. */
export function flowUses(document: Flow, registry: Registry): Map<string, number> {
  const uses = new Map(Object.keys(document.flows ?? {}).map((name) => [name, 0]));
  for (const [, body] of everyLevel(document))
    for (const { name } of flowReferences(body, registry)) if (uses.has(name)) uses.set(name, (uses.get(name) ?? 0) + 1);
  return uses;
}

/** The nodes that run a flow of the document, each with the flow that it stands in. */
export function flowUsers(document: Flow, name: string, registry: Registry): { flow: string | undefined; node: string }[] {
  return everyLevel(document).flatMap(([flow, body]) => {
    const nodes = flowReferences(body, registry).filter((reference) => reference.name === name);
    return [...new Set(nodes.map(({ node }) => node))].map((node) => ({ flow, node }));
  });
}
