/** Commands on links and grants. A wire is named by its ends, so that it can be selected and found again. */
import { linkEnd, type Flow, type Grant, type Link } from '@switchyard/shared';
import { addNode } from './node-commands.ts';

/** A link or grant by name: `link:a.x>b.y` or `grant:a>b`. */
export type WireId = `link:${string}` | `grant:${string}`;

/** The name of a link. */
export function linkId(link: Pick<Link, 'from' | 'to'>): WireId {
  return `link:${link.from}>${link.to}`;
}

/** The name of a grant. */
export function grantId(grant: Pick<Grant, 'from' | 'to'>): WireId {
  return `grant:${grant.from}>${grant.to}`;
}

/** Adds a link, unless one of its nodes is missing or the link is there already. */
export function connect(flow: Flow, link: Link): Flow {
  const isMissing = [link.from, link.to].some((end) => !Object.hasOwn(flow.nodes, linkEnd(end).node));
  if (isMissing || flow.links.some((other) => other.from === link.from && other.to === link.to)) return flow;
  return { ...flow, links: [...flow.links, { from: link.from, to: link.to }] };
}

/** Adds a grant of all operations, unless one of its nodes is missing or the grant is there already. */
export function grant(flow: Flow, ends: Pick<Grant, 'from' | 'to'>): Flow {
  const isMissing = [ends.from, ends.to].some((id) => !Object.hasOwn(flow.nodes, id));
  if (isMissing || flow.grants.some((other) => isSameGrant(other, ends))) return flow;
  return { ...flow, grants: [...flow.grants, { from: ends.from, to: ends.to }] };
}

/** Removes links and grants by name. */
export function removeWires(flow: Flow, ids: readonly WireId[]): Flow {
  const gone = new Set<string>(ids);
  const links = flow.links.filter((link) => !gone.has(linkId(link)));
  const grants = flow.grants.filter((each) => !gone.has(grantId(each)));
  const isSame = links.length === flow.links.length && grants.length === flow.grants.length;
  return isSame ? flow : { ...flow, links, grants };
}

/** Removes one link. */
export function disconnect(flow: Flow, link: Link): Flow {
  return removeWires(flow, [linkId(link)]);
}

/** Takes one grant back. */
export function revoke(flow: Flow, ends: Pick<Grant, 'from' | 'to'>): Flow {
  return removeWires(flow, [grantId(ends)]);
}

interface GrantChange {
  /** Undefined grants all operations. */
  operations?: string[] | undefined;
  approval?: Grant['approval'] | undefined;
  approvalSeconds?: number | undefined;
}

/** Changes what a grant allows; a key that is not given stays as it is. */
export function setGrant(flow: Flow, ends: Pick<Grant, 'from' | 'to'>, change: GrantChange): Flow {
  const grants = flow.grants.map((each): Grant => {
    if (!isSameGrant(each, ends)) return each;
    const operations = 'operations' in change ? change.operations : each.operations;
    const approval = 'approval' in change ? change.approval : each.approval;
    const approvalSeconds = 'approvalSeconds' in change ? change.approvalSeconds : each.approvalSeconds;
    return {
      from: each.from,
      to: each.to,
      ...(operations && { operations }),
      ...(approval && { approval }),
      ...(approvalSeconds !== undefined && { approvalSeconds }),
    };
  });
  return { ...flow, grants };
}

interface Insertion {
  link: Link;
  added: Parameters<typeof addNode>[1];
  /** Ports of the new node through which the link goes on. */
  input: string;
  output: string;
}

/** Puts a new node into the middle of a link. */
export function insertOnLink(flow: Flow, { link, added, input, output }: Insertion): Flow {
  const withNode = addNode(disconnect(flow, link), added);
  return connect(connect(withNode, { from: link.from, to: `${added.id}.${input}` }), { from: `${added.id}.${output}`, to: link.to });
}

function isSameGrant(one: Pick<Grant, 'from' | 'to'>, other: Pick<Grant, 'from' | 'to'>): boolean {
  return one.from === other.from && one.to === other.to;
}
