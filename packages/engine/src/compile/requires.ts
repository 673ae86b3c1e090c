/** Which names of the workspace a flow uses, so that an import can ask for what is missing. */
import type { Requires } from '@switchyard/shared';
import type { Graph } from './graph.ts';

export function requiresOf(graphs: readonly Graph[]): Requires {
  const named = { connection: new Set<string>(), model: new Set<string>(), secret: new Set<string>() };
  for (const node of graphs.flatMap(({ nodes }) => [...nodes.values()])) {
    for (const { widget, value } of node.fields) {
      if (typeof value === 'string' && value !== '' && isNamed(widget, named)) named[widget].add(value);
    }
  }
  return { connections: [...named.connection].sort(), models: [...named.model].sort(), secrets: [...named.secret].sort() };
}

function isNamed<Names extends object>(widget: string, named: Names): widget is Extract<keyof Names, string> {
  return Object.hasOwn(named, widget);
}
