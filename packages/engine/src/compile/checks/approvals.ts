/** A grant that never asks a person should reach nothing that writes; one that does is told, since it may well be meant. */
import { pointer, type Diagnostic } from '@switchyard/shared';
import { isKnown, titleOf, type BoundGrant, type Graph } from '../graph.ts';
import { quotedList } from '../nearest-name.ts';
import { offeredOperations } from '../offers.ts';

export function checkApprovals(graph: Graph): Diagnostic[] {
  return graph.grants.flatMap((bound) => {
    const writes = bound.grant.approval === 'never' ? writesOf(bound, graph) : [];
    return writes.length === 0 ? [] : [told(bound, writes)];
  });
}

function writesOf({ grant, to }: BoundGrant, graph: Graph): string[] {
  if (!isKnown(to)) return [];
  return offeredOperations(to, graph)
    .filter(({ name, effect }) => effect === 'write' && (grant.operations?.includes(name) ?? true))
    .map(({ name }) => name);
}

function told({ index, grant, to }: BoundGrant, writes: string[]): Diagnostic {
  const path = pointer(['grants', index, 'approval']);
  return {
    code: 'approval-never',
    severity: 'warning',
    path,
    node: grant.from,
    field: 'approval',
    message: `"${grant.from}" may call ${quotedList(writes)} of "${to ? titleOf(to) : grant.to}" without asking anybody, and that writes. Let a person be asked before writes, unless this is meant.`,
    fix: { title: 'Ask before writes', patch: [{ op: 'replace', path, value: 'writes' }] },
  };
}
