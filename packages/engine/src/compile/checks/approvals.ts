/** A grant that never asks a person should reach nothing that writes; one that does is told, since it may well be meant. */
import { pointer, type Diagnostic } from '@switchyard/shared';
import { isKnown, titleOf, type BoundGrant, type Graph } from '../graph.ts';
import { quotedList } from '../nearest-name.ts';
import { offeredBy } from '../offers.ts';

export function checkApprovals(graph: Graph): Diagnostic[] {
  return graph.grants.flatMap((bound) => {
    const writes = bound.grant.approval === 'never' ? writesOf(bound, graph) : undefined;
    return writes === undefined ? [] : [told(bound, writes)];
  });
}

/** What it may call that writes, in words; undefined where that is nothing. */
function writesOf({ grant, to }: BoundGrant, graph: Graph): string | undefined {
  if (!isKnown(to)) return undefined;
  const { operations, unlisted } = offeredBy(to, graph);
  const granted = grant.operations;
  const listed = operations.filter(({ name, effect }) => effect === 'write' && (granted?.includes(name) ?? true)).map(({ name }) => name);
  const others = granted?.filter((name) => !operations.some((operation) => operation.name === name)) ?? [];
  const of = `of "${titleOf(to)}"`;
  if (unlisted === 'write' && granted === undefined) return `all that the connection ${of} offers without asking anybody, and that may write`;
  if (unlisted === 'write' && others.length > 0) return `${quotedList([...listed, ...others])} ${of} without asking anybody, and that may write`;
  return listed.length === 0 ? undefined : `${quotedList(listed)} ${of} without asking anybody, and that writes`;
}

function told({ index, grant }: BoundGrant, writes: string): Diagnostic {
  const path = pointer(['grants', index, 'approval']);
  return {
    code: 'approval-never',
    severity: 'warning',
    path,
    node: grant.from,
    field: 'approval',
    message: `"${grant.from}" may call ${writes}. Let a person be asked before writes, unless this is meant.`,
    fix: { title: 'Ask before writes', patch: [{ op: 'replace', path, value: 'writes' }] },
  };
}
