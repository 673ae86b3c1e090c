/** Ways to read a clause that asks for one end of an order: the last, the top five, the most expensive, who has the most. */
import { isAncestor, lineage } from '../schema/join-path.ts';
import type { Column, Table } from '../schema/model.ts';
import type { TimeUnit } from '../schema/moment.ts';
import type { Figure, Filter, Group, Measure } from '../question/question.ts';
import { fillers, timeUnits } from '../vocabulary.ts';
import { columnsFor, nextTable, personTable, tableBefore, whoSpan, type Candidate } from './candidate.ts';
import { dateColumnFor, firstDate, isDated } from './dates.ts';
import { branchDraft, findPhrases, explain, type Draft, type Span } from './draft.ts';
import { impliedMeasures, isFigure, measuresAbout, namedMeasures, type FoundMeasure } from './measures.ts';
import { tableOf, type Mention } from './mentions.ts';
import { findSuperlative, type Superlative } from './superlative.ts';

const several = 5;
/** What is commonly done with things, and recorded as one row for each time. */
const deeds = /^(?:purchased|bought|ordered|sold|used|read|borrowed|visited|booked|played|requested|chosen|viewed|rented|hired)$/;

/** All readings of the clause's superlative; none where it has none. */
export function superlativeCandidates(draft: Draft, heir: Table | undefined): Candidate[] {
  const superlative = findSuperlative(draft);
  if (!superlative) return [];
  const fresh = branchDraft(draft);
  explain(fresh, superlative);
  for (const ordering of findPhrases(fresh, /(?:sorted|ordered|ranked|ranking) by|in terms of/)) explain(fresh, ordering);
  if (superlative.about === 'count') return oftenCandidates(fresh, superlative);
  if (superlative.about === 'time' || superlative.about === 'birth' || superlative.about === 'next') return timeCandidates(fresh, superlative, heir);
  return figureEnds(fresh, superlative, heir);
}

function timeCandidates(draft: Draft, superlative: Superlative, heir: Table | undefined): Candidate[] {
  const head = nextTable(draft, superlative.end) ?? tableBefore(draft, superlative.start);
  const base = head?.table ?? columnHead(draft, superlative) ?? dateBefore(draft, superlative)?.table ?? heir;
  if (!base) return [];
  const branch = branchDraft(draft);
  if (head) explain(branch, head.mention);
  const who = whoSpan(draft);
  if (who && personTable(draft.schema, base) === base) explain(branch, who);
  const isBirth = superlative.about === 'birth' || (superlative.word === 'oldest' && base.columns.some(isBirthday));
  const column = isBirth ? base.columns.find(isBirthday) : orderDate(branch, base);
  const by = column ?? base.key;
  if (!by) return [];
  const limit = superlative.limit ?? (head && isPlural(draft, head.mention) ? several : 1);
  const filters: Filter[] = superlative.about === 'next' && column ? [{ kind: 'date', column, from: { kind: 'now' }, words: 'from now on' }] : [];
  return [
    {
      draft: branch,
      base,
      filters,
      strength: head || columnHead(draft, superlative) || dateBefore(draft, superlative) ? 0.95 : 0.6,
      goal: { kind: 'rows', wanted: [], order: { by, isDescending: superlative.isDescending }, limit, word: superlative.word },
    },
  ];
}

/** "Borrowed most often": how many rows right below the head there are, of the table that the verb names if it names one. */
function oftenCandidates(draft: Draft, superlative: Superlative): Candidate[] {
  return findHeads(draft, superlative, undefined).flatMap((head) => {
    const below = draft.schema.tables.filter((table) => head.table && table !== head.table && table.parents.some(({ target }) => target.table === head.table));
    return below.flatMap((table) => {
      const verb = draft.mentions.find(
        (mention) =>
          !isOverlapping(mention, head) &&
          (mention.tables.some((one) => one.table === table) || mention.columns.some(({ column }) => column.table === table && column.role === 'date')),
      );
      if (!verb && below.length > 1) return [];
      const branch = branchDraft(draft);
      const before = draft.tokens[superlative.start - 1];
      if (!verb && before?.kind === 'word' && deeds.test(before.word)) branch.used.add(superlative.start - 1);
      else if (!verb && before?.kind === 'word' && !branch.used.has(superlative.start - 1) && !fillers.has(before.word)) return [];
      explain(branch, head);
      if (verb) explain(branch, verb);
      return ends(branch, head, superlative, { base: table, figure: { kind: 'count' }, strength: verb ? 0.95 : 0.75 });
    });
  });
}

function isOverlapping(first: Span, second: Span): boolean {
  return first.start < second.end && first.end > second.start;
}

/** The date by which rows of the base follow one another: its own, else that of what it belongs to. */
function orderDate(draft: Draft, base: Table): Column | undefined {
  const own = firstDate(base);
  if (own) return dateHinted(draft, base) ?? own;
  return lineage(base)
    .map(firstDate)
    .find((column) => column !== undefined);
}

function dateHinted(draft: Draft, base: Table): Column | undefined {
  const mentioned = draft.mentions
    .flatMap((mention) => (tableOf(mention) ? [] : columnsFor(mention, base)))
    .find(({ column, strength }) => column.table === base && isDated(column) && strength >= 0.75);
  return mentioned?.column;
}

/** "Who was hired last": the date that the word before names. */
function dateBefore(draft: Draft, superlative: Superlative): Column | undefined {
  const mention = draft.mentions.findLast(({ end }) => end <= superlative.start);
  return mention?.columns.find(({ column, strength }) => isDated(column) && strength >= 0.75)?.column;
}

function columnHead(draft: Draft, superlative: Superlative): Table | undefined {
  const mention = draft.mentions.find(({ start }) => start >= superlative.end);
  return mention?.columns[0]?.column.table;
}

function isBirthday(column: Column): boolean {
  return isDated(column) && /birth|born|dob/i.test(column.name);
}

function isPlural(draft: Draft, mention: Mention): boolean {
  return /s$/.test(draft.tokens[mention.end - 1]?.word ?? '') && !/ss$/.test(draft.tokens[mention.end - 1]?.word ?? '');
}

/** What the end of an order is taken of: rows of a table, or the values of a column. */
interface Head extends Span {
  table?: Table;
  unit?: TimeUnit;
  mention: Mention | undefined;
}

function figureEnds(draft: Draft, superlative: Superlative, heir: Table | undefined): Candidate[] {
  const counted = countedTable(draft, superlative);
  const heads = findHeads(draft, superlative, counted?.table);
  const found = heads.flatMap((head) => {
    const branch = branchDraft(draft);
    explain(branch, head);
    if (counted && counted.table !== head.table) {
      explain(branch, counted);
      return ends(branch, head, superlative, { base: counted.table, figure: { kind: 'count' }, strength: 0.95 });
    }
    return measuresOf(branch, superlative, head.table).flatMap((measured) => measuredEnds(branch, head, superlative, measured));
  });
  if (found.length > 0) return found;
  return measuresOf(draft, superlative, heir).flatMap((measured) => {
    const table = measured.measure.columns[0]?.table;
    return table ? measuredEnds(branchDraft(draft), { start: 0, end: 0, table, mention: undefined }, superlative, measured) : [];
  });
}

/** "by number of orders", "the most orders": the table whose rows are counted. */
function countedTable(draft: Draft, superlative: Superlative): (Span & { table: Table }) | undefined {
  const phrase = findPhrases(
    draft,
    /(?:by|with|has|have|had)(?: the)?(?: (?:most|highest|largest|fewest|lowest|smallest))? (?:number|count|amount) of|how many|(?:number|count) of/,
  )[0];
  const direct = /most|fewest|least/.test(superlative.word)
    ? draft.mentions.find((one) => one.start >= superlative.end && tableOf(one) !== undefined && isOnlyValues(draft, superlative.end, one.start))
    : undefined;
  const mention = phrase ? draft.mentions.find(({ start }) => start >= phrase.end && start <= phrase.end + 1) : direct;
  const table = tableOf(mention);
  if (!mention || !table) return undefined;
  const isHead =
    !phrase &&
    draft.mentions.every((other) => other === mention || (tableOf(other) === undefined && !other.columns.some(({ column }) => !isFigure(column)))) &&
    !whoSpan(draft) &&
    unitHeads(draft, superlative).length === 0;
  return isHead ? undefined : { start: phrase?.start ?? mention.start, end: mention.end, table };
}

/** "The most delayed shipments": known values may stand between. */
function isOnlyValues(draft: Draft, start: number, end: number): boolean {
  return Array.from({ length: end - start }, (_, index) => start + index).every((index) =>
    draft.mentions.some((mention) => mention.values.length > 0 && index >= mention.start && index < mention.end),
  );
}

/** "Which month had the most", "top 3 months". */
function unitHeads(draft: Draft, superlative: Superlative): Head[] {
  return draft.tokens.flatMap((token, index): Head[] => {
    const unit = token.kind === 'word' ? timeUnits.get(token.word) : undefined;
    const isAsked = /^(?:which|what)$/.test(draft.tokens[index - 1]?.word ?? '') || index === superlative.end;
    return unit && isAsked ? [{ start: index, end: index + 1, unit, mention: undefined }] : [];
  });
}

function findHeads(draft: Draft, superlative: Superlative, counted: Table | undefined): Head[] {
  const who = whoSpan(draft);
  const person = who && personTable(draft.schema, counted);
  const tables = draft.mentions.flatMap((mention): Head[] => {
    const table = tableOf(mention);
    return table && table !== counted ? [{ start: mention.start, end: mention.end, table, mention }] : [];
  });
  const columns = draft.mentions.flatMap((mention): Head[] => {
    const isDimension =
      tableOf(mention) === undefined &&
      mention.values.length === 0 &&
      mention.columns.some(({ column, strength }) => strength >= 0.75 && !isFigure(column) && column.role !== 'date');
    return isDimension ? [{ start: mention.start, end: mention.end, mention }] : [];
  });
  // What stands right after "which" or "top 5" is meant before what stands elsewhere.
  const near = (head: Head) =>
    draft.tokens[head.start - 1]?.word === 'which' || draft.tokens[head.start - 1]?.word === 'what' || head.start === superlative.end ? 0 : 1;
  const heads = [...unitHeads(draft, superlative), ...tables, ...columns].sort(
    (a, b) => near(a) - near(b) || Math.abs(a.start - superlative.start) - Math.abs(b.start - superlative.start),
  );
  return person && who ? [{ ...who, table: person, mention: undefined }, ...heads] : heads;
}

function measuresOf(draft: Draft, superlative: Superlative, table: Table | undefined): FoundMeasure[] {
  const { about } = superlative;
  const tables = draft.schema.tables;
  if (about === 'quantity' || about === 'price' || about === 'duration' || about === 'weight' || about === 'rating')
    return measuresAbout(about, table, tables).map((measure) => ({ measure }));
  const named = namedMeasures(draft);
  if (named.length > 0 || !table) return named;
  return impliedMeasures(table, tables).map((measure) => ({ measure }));
}

function measuredEnds(draft: Draft, head: Head, superlative: Superlative, found: FoundMeasure): Candidate[] {
  const { measure, span } = found;
  const base = measure.columns[0]?.table;
  if (!base) return [];
  const branch = branchDraft(draft);
  if (span) explain(branch, span);
  for (const by of findPhrases(branch, /by|with/)) if (by.end === span?.start || by.end + 1 === span?.start) explain(branch, by);
  if (head.table && (head.table === base || isAncestor(base, head.table))) return [rowEnds(branch, { table: head.table, measure }, superlative)];
  const isAverage = findPhrases(branch, /average|mean|avg/);
  for (const phrase of isAverage) explain(branch, phrase);
  return ends(branch, head, superlative, {
    base,
    figure: { kind: 'aggregate', name: isAverage.length > 0 ? 'AVG' : 'SUM', measure },
    strength: measure.strength,
  });
}

function rowEnds(draft: Draft, of: { table: Table; measure: Measure }, superlative: Superlative): Candidate {
  const { table, measure } = of;
  return {
    draft,
    base: table,
    strength: measure.strength,
    goal: { kind: 'rows', wanted: [], order: { by: measure, isDescending: superlative.isDescending }, limit: superlative.limit ?? 1, word: superlative.word },
  };
}

/** Groups by the head, ordered by the figure. */
function ends(draft: Draft, head: Head, superlative: Superlative, of: { base: Table; figure: Figure; strength: number }): Candidate[] {
  const group = groupOf(draft, head, of.base);
  const reached = group && (group.kind === 'table' ? group.table : group.column.table);
  if (!group || !reached || !(reached === of.base || isAncestor(reached, of.base) || of.figure.kind === 'count')) return [];
  return [
    {
      draft,
      base: of.base,
      strength: of.strength,
      goal: { kind: 'figure', figure: of.figure, groups: [group], isDescending: superlative.isDescending, limit: superlative.limit ?? 1 },
    },
  ];
}

function groupOf(draft: Draft, head: Head, base: Table): Group | undefined {
  if (head.unit) {
    const column = dateColumnFor(draft, { base, more: [] });
    return column && { kind: 'time', column, unit: head.unit };
  }
  if (head.table) return head.table === base ? undefined : { kind: 'table', table: head.table };
  const column =
    head.mention && columnsFor(head.mention, base).find(({ column: one }) => !isFigure(one) && (one.table === base || isAncestor(one.table, base)))?.column;
  return column && { kind: 'column', column };
}
