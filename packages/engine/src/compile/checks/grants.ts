/** Grants start at a kind that may call others, end at one that offers operations, name operations that are there as far as that can be told, and are drawn once. */
import { pointer, type Diagnostic, type Fix } from '@switchyard/shared';
import { isKnown, titleOf, type BoundGrant, type Graph, type GraphNode } from '../graph.ts';
import { nearestName, quotedList } from '../nearest-name.ts';
import { offeredBy, type Offered } from '../offers.ts';

export function checkGrants(graph: Graph): Diagnostic[] {
  const seen = new Set<string>();
  const offers = new Map<GraphNode, Offered>();
  return graph.grants.flatMap((bound) => {
    const { from, to } = bound.grant;
    const isRepeated = seen.has(`${from} ${to}`);
    seen.add(`${from} ${to}`);
    const found = [...checkCaller(bound, graph), ...checkCallee(bound, graph, offers)];
    return isRepeated ? [...found, repeated(bound)] : found;
  });
}

function checkCaller(bound: BoundGrant, graph: Graph): Diagnostic[] {
  const { from, grant } = bound;
  if (!from) return [missingEnd(bound, 'from', graph)];
  if (!from.kind || from.kind.mayCall) return [];
  return [
    notAllowed(
      bound,
      'from',
      `"${titleOf(from)}" (${grant.from}) is of the kind "${from.kind.title}", which calls no other nodes. Start the grant at a node that may call others.`,
    ),
  ];
}

function checkCallee(bound: BoundGrant, graph: Graph, offers: Map<GraphNode, Offered>): Diagnostic[] {
  const { to, grant } = bound;
  if (!to) return [missingEnd(bound, 'to', graph)];
  if (!to.kind) return [];
  if (!to.kind.operations) {
    return [
      notAllowed(
        bound,
        'to',
        `"${titleOf(to)}" (${grant.to}) is of the kind "${to.kind.title}", which offers nothing to call. Link it instead, or grant another node.`,
      ),
    ];
  }
  if (!isKnown(to)) return [];
  const offered = offers.get(to) ?? offeredBy(to, graph);
  offers.set(to, offered);
  // What the connection offers is asked when the flow runs: any name may be right, and the grant is held to it there.
  if (offered.unlisted) return [];
  const names = offered.operations.map(({ name }) => name);
  if (names.length === 0) {
    return [{ ...notAllowed(bound, 'to', `"${titleOf(to)}" (${grant.to}) offers no operation yet. Add one to its settings.`), severity: 'warning' }];
  }
  return (grant.operations ?? []).flatMap((name, index) => (names.includes(name) ? [] : [missingOperation({ bound, name, index }, names)]));
}

function missingEnd(bound: BoundGrant, side: 'from' | 'to', graph: Graph): Diagnostic {
  const id = bound.grant[side];
  const path = pointer(['grants', bound.index, side]);
  const near = nearestName(id, graph.nodes.keys());
  return {
    code: 'grant-end-missing',
    severity: 'error',
    path,
    message: `This grant ${side === 'from' ? 'starts' : 'ends'} at "${id}", but there is no such node. Take the grant out, or draw it to a node that exists.`,
    fix: near === undefined ? removal(bound) : { title: `Draw it to "${near}"`, patch: [{ op: 'replace', path, value: near }] },
  };
}

function notAllowed(bound: BoundGrant, side: 'from' | 'to', message: string): Diagnostic {
  return {
    code: 'grant-not-allowed',
    severity: 'error',
    path: pointer(['grants', bound.index, side]),
    node: bound.grant[side],
    field: side,
    message,
    fix: removal(bound),
  };
}

function missingOperation({ bound, name, index }: { bound: BoundGrant; name: string; index: number }, offered: string[]): Diagnostic {
  const path = pointer(['grants', bound.index, 'operations', index]);
  const near = nearestName(name, offered);
  return {
    code: 'operation-missing',
    severity: 'error',
    path,
    node: bound.grant.to,
    field: 'operations',
    message: `"${bound.grant.to}" has no operation "${name}". It offers ${quotedList(offered)}.`,
    fix:
      near === undefined
        ? { title: `Take "${name}" out of the grant`, patch: [{ op: 'remove', path }] }
        : { title: `Grant "${near}" instead`, patch: [{ op: 'replace', path, value: near }] },
  };
}

function repeated(bound: BoundGrant): Diagnostic {
  const { from, to } = bound.grant;
  return {
    code: 'grant-doubled',
    severity: 'error',
    path: pointer(['grants', bound.index]),
    node: from,
    message: `"${from}" has a grant to "${to}" already. Two of them could say different things: keep one.`,
    fix: removal(bound),
  };
}

function removal(bound: BoundGrant): Fix {
  return { title: 'Take the grant out', patch: [{ op: 'remove', path: pointer(['grants', bound.index]) }] };
}
