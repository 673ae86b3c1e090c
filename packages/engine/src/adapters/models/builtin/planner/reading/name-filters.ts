/** Conditions from proper names: which columns may hold them. */
import { distance, isAncestor, lineage } from '../schema/join-path.ts';
import type { Column, Table } from '../schema/model.ts';
import type { Filter } from '../question/question.ts';
import { personWords, placeWords } from '../vocabulary.ts';
import { columnsFor } from './candidate.ts';
import { freeMentions, isUsed, explain, type Draft, type Span } from './draft.ts';
import { namesAny, tableOf } from './mentions.ts';
import { findNames, isIntroduced, type Name } from './names.ts';

const placing = new Set(['in', 'at', 'from', 'near', 'to']);
const longestQuotedName = 80;

/** Filters for the clause's names. A quotation is a name only where the words before it say so: else it is a message. */
export function nameFilters(draft: Draft, base: Table): Filter[] {
  return findNames(draft).flatMap((name): Filter[] => {
    if (isUsed(draft, name)) return [];
    const noun = nounBeside(draft, name, base);
    if (
      isQuote(draft, name) &&
      (name.text.length > longestQuotedName || (!noun && !isIntroduced(draft, name) && !/^(?:of|for|by|with|is|does|did|product|title)$/.test(name.before)))
    )
      return [];
    const columns = noun?.columns ?? columnsOf(draft, name, base);
    if (columns.length === 0) return [];
    explain(draft, { start: name.start, end: name.longerEnd });
    if (noun) explain(draft, noun.span);
    return [{ kind: 'text', columns, text: name.text, mode: 'equal', ...(name.longer !== undefined && { longer: name.longer }) }];
  });
}

function isQuote(draft: Draft, name: Name): boolean {
  return draft.tokens[name.start]?.kind === 'quote';
}

/** "customer Ada Smith", "the author named Le Guin": the noun says where to look. */
function nounBeside(draft: Draft, name: Name, base: Table): { columns: Column[][]; span: Span } | undefined {
  const skip = /^(?:named|called|titled|is|mr|mrs|ms|dr|the)$/.test(name.before) ? 1 : 0;
  const mention = draft.mentions.find((one) => one.end === name.start - skip);
  if (!mention) return undefined;
  const table = tableOf(mention);
  if (table && table.label.length > 0 && Number.isFinite(distance(base, table))) return { columns: [table.label], span: mention };
  const column = columnsFor(mention, base).find(
    (one) =>
      one.strength >= 0.5 &&
      one.column.isText &&
      one.column.role !== 'date' &&
      one.column.role !== 'reference' &&
      Number.isFinite(distance(base, one.column.table)),
  );
  return column && { columns: [[column.column]], span: mention };
}

/** After "in" a place is meant, if any column holds places that may be it; else a row is called by its name. */
function columnsOf(draft: Draft, name: Name, base: Table): Column[][] {
  const near = draft.schema.tables.filter((table) => Number.isFinite(distance(base, table)));
  if (placing.has(name.before)) {
    const places = near.flatMap((table) =>
      table.columns.filter((column) => column.role === 'text' && column.isText && !column.isComplete && namesAny(column, placeWords)),
    );
    const chosen = together(
      base,
      places.map((column) => [column]),
    );
    if (chosen.length > 0) return chosen;
  }
  const all = near.filter((table) => table.label.length > 0).map((table) => table.label);
  // "products ordered by Ada": whoever did it is another than what was done.
  const others = all.filter((label) => label[0]?.table !== base);
  const labels = name.before === 'by' && others.length > 0 && !isPerson(base) ? others : all;
  const told = freeMentions(draft).map(tableOf);
  const spoken = labels.filter((label) => told.includes(label[0]?.table as Table) || label[0]?.table === base);
  const own = together(base, spoken.length > 0 && spoken.some((label) => label[0]?.table !== base) ? spoken : labels);
  if (own.length > 0) return own;
  const texts = base.columns.filter((column) => column.role === 'text' && column.isText && !column.isComplete);
  return together(
    base,
    texts.map((column) => [column]),
  );
}

function isPerson(table: Table): boolean {
  return table.columns.some((column) => namesAny(column, personWords));
}

/** Columns of the base and of what it belongs to can be tried in one condition; else those of the one nearest table. */
function together(base: Table, columns: readonly Column[][]): Column[][] {
  const above = lineage(base);
  const joined = columns.filter((parts) => parts[0] && above.includes(parts[0].table));
  if (joined.length > 0) return joined;
  const nearest = columns.toSorted((a, b) => distance(base, a[0]?.table as Table) - distance(base, b[0]?.table as Table))[0]?.[0]?.table;
  return columns.filter((parts) => parts[0]?.table === nearest);
}

/** The filter looked for more widely: anywhere within every text column near by, as a second try. */
export function widened(filter: Filter, base: Table): Filter {
  if (filter.kind !== 'text') return filter;
  const tables = new Set(filter.columns.map((parts) => parts[0]?.table));
  const others = [...tables].flatMap((table) =>
    table && (table === base || isAncestor(table, base))
      ? table.columns.filter((column) => column.role === 'text' && column.isText && !table.label.includes(column)).map((column) => [column])
      : [],
  );
  return { ...filter, columns: [...filter.columns, ...others.filter((parts) => !filter.columns.some((known) => known[0] === parts[0]))], mode: 'within' };
}
