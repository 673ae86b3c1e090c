/** The rows of a trace: the tree in order, without what is folded away or filtered out. Pure. */
import type { TraceItem } from './trace-tree.ts';
import { askedNote } from './asked-rows.ts';
import { failuresText } from '../run/body-failures.ts';
import { callSummary } from '../run/call-summary.ts';

export interface TraceRow {
  item: TraceItem;
  depth: number;
  hasChildren: boolean;
  isFolded: boolean;
}

export interface TraceFilter {
  text: string;
  /** A node: what happens in a flow that it runs counts as its own. */
  site?: string;
  kind?: string;
  isFailuresOnly: boolean;
}

/** Lets everything through. */
export const noFilter: TraceFilter = { text: '', isFailuresOnly: false };

/** Whether the filter holds anything back. */
export function isFiltering(filter: TraceFilter): boolean {
  return filter.text.trim() !== '' || filter.site !== undefined || filter.kind !== undefined || filter.isFailuresOnly;
}

/** Rows to draw. A filter keeps what fits and what stands above it; folding is ignored while it holds. */
export function traceRows(root: TraceItem | undefined, filter: TraceFilter, folded: ReadonlySet<string>): TraceRow[] {
  const rows: TraceRow[] = [];
  if (root) visit(root, 0, { filter, folded, isFiltering: isFiltering(filter), words: filter.text.trim().toLowerCase(), rows });
  return rows;
}

interface Visit {
  filter: TraceFilter;
  folded: ReadonlySet<string>;
  isFiltering: boolean;
  words: string;
  rows: TraceRow[];
}

/** Whether the item or anything below it was kept. */
function visit(item: TraceItem, depth: number, context: Visit): boolean {
  const { rows, folded } = context;
  const isFolded = !context.isFiltering && folded.has(item.id);
  const place = rows.length;
  rows.push({ item, depth, hasChildren: item.children.length > 0, isFolded });
  if (isFolded) return true;
  let isKept = !context.isFiltering || fits(item, context);
  for (const child of item.children) isKept = visit(child, depth + 1, context) || isKept;
  if (!isKept) rows.length = place;
  return isKept;
}

function fits(item: TraceItem, { filter, words }: Visit): boolean {
  if (filter.isFailuresOnly && item.status !== 'failed') return false;
  if (filter.site !== undefined && item.site !== filter.site && !item.site?.startsWith(`${filter.site}/`)) return false;
  if (filter.kind !== undefined && item.call?.kind !== filter.kind) return false;
  return words === '' || `${item.label} ${noteOf(item)} ${item.node ?? ''}`.toLowerCase().includes(words);
}

/** What a row is about, beside its label: a model, a statement, a path. Asked of rows in sight and of those that are searched alone. */
export function noteOf(item: TraceItem): string {
  if (item.call) return callSummary(item.call);
  if (item.asked) return askedNote(item.asked);
  return item.failures ? failuresText(item.failures) : (item.task?.why ?? '');
}

/** Nodes, by site, and call kinds that occur in the tree, for the filter's choices. */
export function traceParts(root: TraceItem | undefined): { sites: string[]; kinds: string[] } {
  const sites = new Set<string>();
  const kinds = new Set<string>();
  const collect = (item: TraceItem) => {
    if (item.site !== undefined) sites.add(item.site);
    if (item.call) kinds.add(item.call.kind);
    item.children.forEach(collect);
  };
  if (root) collect(root);
  return { sites: [...sites], kinds: [...kinds] };
}
