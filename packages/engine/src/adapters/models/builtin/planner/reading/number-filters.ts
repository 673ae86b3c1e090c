/** Conditions that compare: "over 500", "at least 3 loans", "between 10 and 20", "cheaper than 50". */
import { distance, isAncestor, lineage, pathBetween } from '../schema/join-path.ts';
import type { Table } from '../schema/model.ts';
import type { Comparison, Filter, Measure } from '../question/question.ts';
import { findPhrases, isUsed, explain, type Draft, type Phrase } from './draft.ts';
import { columnsFor } from './candidate.ts';
import { impliedMeasures, isFigure, measuresAbout } from './measures.ts';
import { tableOf } from './mentions.ts';

const comparisons: readonly { pattern: RegExp; comparison: Comparison }[] = [
  { pattern: /(?:no less than|not less than|at least|minimum of|a minimum of) #number/, comparison: '>=' },
  { pattern: /(?:no more than|not more than|at most|up to|maximum of|a maximum of) #number/, comparison: '<=' },
  {
    pattern: /(?:(?<adjective>longer|heavier|higher|larger|bigger|greater|more expensive|dearer) than|more than|over|above|exceeding|exceeds) #number/,
    comparison: '>',
  },
  { pattern: /(?:(?<adjective>shorter|lighter|lower|smaller|cheaper|less expensive) than|less than|fewer than|under|below) #number/, comparison: '<' },
  { pattern: /(?:exactly|equal to|equals) #number/, comparison: '=' },
];
const units = /euros?|eur|dollars?|usd|pounds?|gbp|francs?|chf|percent|kg|km|minutes?|hours?|points?/;

/** Filters for all comparisons of the clause that name, or leave no doubt, what is compared. */
export function numberFilters(draft: Draft, base: Table): Filter[] {
  const ranges = findPhrases(draft, /between #number and #number/).flatMap((phrase) => compared(draft, base, { phrase, comparison: '>=' }));
  const single = comparisons.flatMap(({ pattern, comparison }) =>
    findPhrases(draft, pattern).flatMap((phrase) => compared(draft, base, { phrase, comparison })),
  );
  return [...ranges, ...single];
}

function compared(draft: Draft, base: Table, found: { phrase: Phrase; comparison: Comparison }): Filter[] {
  const { phrase, comparison } = found;
  if (isUsed(draft, phrase)) return [];
  const [value, upTo] = draft.tokens
    .slice(phrase.start, phrase.end)
    .flatMap((token) => (token.kind === 'number' && token.value !== undefined ? [token.value] : []));
  if (value === undefined) return [];
  const after = draft.mentions.find(({ start }) => start === phrase.end);
  const counted = tableOf(after);
  if (after && counted && counted !== base && pathBetween(base, counted)?.[0]?.direction === 'down' && upTo === undefined) {
    explain(draft, { start: phrase.start, end: after.end });
    return [{ kind: 'child-count', table: counted, comparison, value }];
  }
  const measure = measureFor(draft, base, phrase);
  if (!measure) return [];
  explain(draft, phrase);
  for (const unit of findPhrases(draft, units)) if (unit.start === phrase.end) explain(draft, unit);
  return [{ kind: 'compare', measure, comparison, value, ...(upTo !== undefined && { upTo }) }];
}

/** The number column named beside the comparison, else the one that the base is measured by. */
function measureFor(draft: Draft, base: Table, phrase: Phrase): Measure | undefined {
  const beside = draft.mentions
    .filter((mention) => (mention.start === phrase.end || (mention.end <= phrase.start && mention.end >= phrase.start - 3)) && tableOf(mention) === undefined)
    .reverse();
  for (const mention of beside) {
    const chosen = columnsFor(mention, base).find(
      ({ column, strength }) => strength >= 0.3 && isFigure(column) && (column.table === base || isAncestor(column.table, base)),
    );
    if (!chosen) continue;
    explain(draft, mention);
    return { columns: [chosen.column], strength: chosen.strength };
  }
  const adjective = phrase.match.groups?.adjective;
  const about =
    adjective === undefined
      ? undefined
      : /expens|cheap|dear/.test(adjective)
        ? 'price'
        : /long|short/.test(adjective)
          ? 'duration'
          : /heav|light/.test(adjective)
            ? 'weight'
            : undefined;
  const candidates = about ? measuresAbout(about, base, lineage(base)) : impliedMeasures(base, []);
  return candidates.find(({ columns }) => columns.every(({ table }) => distance(base, table) === 0 || isAncestor(table, base)));
}
