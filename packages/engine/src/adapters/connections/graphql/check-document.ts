/** What a document may hold before it is sent: one operation, of the call's effect, bounded in depth, fields and aliases, without introspection. */
import { FailureError, failure } from '@switchyard/shared';
import type { DocumentNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';

const longest = 20_000;
const maxTokens = 2_000;
const deepest = 8;
const mostFields = 300;
const mostAliases = 20;

/** Throws `query-refused`. */
export async function checkDocument(text: string, effect: 'read' | 'write'): Promise<void> {
  const { parse } = await import('graphql');
  if (text.length > longest) throw refused(`it is longer than ${longest} characters`);
  let document: DocumentNode;
  try {
    document = parse(text, { maxTokens, noLocation: true });
  } catch (error) {
    throw refused(`it does not parse (${error instanceof Error ? error.message.slice(0, 200) : 'unknown'})`);
  }
  const fragments = new Map(document.definitions.flatMap((each) => (each.kind === 'FragmentDefinition' ? [[each.name.value, each] as const] : [])));
  const [operation, ...others] = document.definitions.filter((each) => each.kind !== 'FragmentDefinition');
  if (operation?.kind !== 'OperationDefinition' || others.length > 0) throw refused('it must hold exactly one operation');
  const wanted = effect === 'write' ? 'mutation' : 'query';
  if (operation.operation !== wanted) throw refused(`it is a ${operation.operation}, and only a ${wanted} may be sent here`);
  walk(operation.selectionSet, { depth: 1, trail: [], fragments, count: { fields: 0, aliases: 0 } });
}

interface Walk {
  depth: number;
  trail: readonly string[];
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  count: { fields: number; aliases: number };
}

function walk(set: SelectionSetNode, at: Walk): void {
  if (at.depth > deepest) throw refused(`it is deeper than ${deepest} levels`);
  for (const selection of set.selections) {
    at.count.fields += 1;
    if (at.count.fields > mostFields) throw refused(`it asks for more than ${mostFields} fields`);
    if (selection.kind === 'FragmentSpread') {
      const name = selection.name.value;
      const fragment = at.fragments.get(name);
      if (!fragment || at.trail.includes(name)) throw refused(`its fragment "${name}" is missing or holds itself`);
      walk(fragment.selectionSet, { ...at, trail: [...at.trail, name] });
      continue;
    }
    if (selection.kind === 'Field') {
      if (['__schema', '__type'].includes(selection.name.value)) throw refused('it asks for the schema, which the node tells already');
      if (selection.alias) at.count.aliases += 1;
      if (at.count.aliases > mostAliases) throw refused(`it has more than ${mostAliases} aliases`);
    }
    if (selection.selectionSet) walk(selection.selectionSet, { ...at, depth: at.depth + (selection.kind === 'Field' ? 1 : 0) });
  }
}

function refused(why: string): FailureError {
  return new FailureError(failure('query-refused', `The query was not sent: ${why}. Write a smaller, plain one.`));
}
