/** A question in words, as the plan and the answer name it: "number of orders in 2025", "last order, customer Ada Smith". */
import { humanName, plural, rowNoun, rowNouns } from '../../text/words.ts';
import { firstDate } from '../reading/dates.ts';
import type { Column, Table } from '../schema/model.ts';
import { isColumn, type Figure, type Filter, type Goal, type Group, type Measure, type Question } from '../question/question.ts';
import { figureText, valueText } from './values.ts';

/** The question as a noun with its conditions. */
export function questionWords(question: Question): string {
  const { goal, base } = question;
  const key = question.filters.find((filter) => isKeyOf(filter, base));
  // "Order 6880" says all that "order, order 6880" does.
  const isKeyed = key !== undefined && goal.kind === 'rows' && goal.order === undefined && goal.wanted.length === 0;
  const what = isKeyed ? filterWords(key, base) : goal.kind === 'figure' ? figureGoalWords(goal, base) : rowGoalWords(goal, base);
  const told = isKeyed ? question.filters.filter((filter) => filter !== key) : question.filters;
  return [what, ...joinNames(told).map((filter) => filterWords(filter, base))].reduce(
    (text, part) =>
      `${text}${/^(?:in|on|since|from|after|before|until|between|during|with|without|of|for|up|today|yesterday|this|last|the|named)\b/.test(part) ? ' ' : ', '}${part}`,
  );
}

function isKeyOf(filter: Filter, base: Table): boolean {
  return filter.kind === 'values' && filter.column === base.key && filter.values.length === 1 && !filter.isNot;
}

/** First and last name are one name. */
function joinNames(filters: readonly Filter[]): Filter[] {
  const joined: Filter[] = [];
  for (const filter of filters) {
    const before = joined.at(-1);
    const isRest =
      filter.kind === 'values' &&
      before?.kind === 'values' &&
      before.column !== filter.column &&
      before.column.table === filter.column.table &&
      [before, filter].every(({ column, isNot }) => !isNot && column.table.label.includes(column));
    if (isRest) joined[joined.length - 1] = { ...before, values: [`${valueText(before.values[0])} ${valueText(filter.values[0])}`] };
    else joined.push(filter);
  }
  return joined;
}

/** Verb and question, for a line of the plan. */
export function planWords(question: Question): string {
  const words = questionWords(question);
  if (question.goal.kind === 'rows') return `${question.goal.limit === 1 ? 'Find' : 'List'} the ${words}`;
  return words.startsWith('number of ') ? `Count the ${words.slice('number of '.length)}` : `Work out the ${words}`;
}

function figureGoalWords(goal: Extract<Goal, { kind: 'figure' }>, base: Table): string {
  const figure = figureWords(goal.figure, base);
  if (goal.limit !== undefined && goal.groups.length > 0) {
    const [group] = goal.groups;
    const head = group ? groupWords(group) : 'row';
    if (goal.limit === 1) return `${head} with the ${goal.isDescending === false ? 'lowest' : 'highest'} ${figure}`;
    return `${goal.isDescending === false ? 'bottom' : 'top'} ${goal.limit} ${group?.kind === 'table' ? rowNouns(group.table.name) : plural(head)} by ${figure}`;
  }
  return goal.groups.length > 0 ? `${figure} per ${goal.groups.map(groupWords).join(' and ')}` : figure;
}

/** "number of orders", "sum of line total (order lines)". */
function figureWords(figure: Figure, base: Table): string {
  if (figure.kind === 'count') return `number of ${rowNouns(base.name)}`;
  if (figure.kind === 'distinct') return `number of different values of ${humanName(figure.column.name)} (${rowNouns(figure.column.table.name)})`;
  const names = { SUM: 'sum of', AVG: 'average', MIN: 'lowest', MAX: 'highest' } as const;
  return `${names[figure.name]} ${measureWords(figure.measure)} (${rowNouns(base.name)})`;
}

function groupWords(group: Group): string {
  if (group.kind === 'table') return rowNoun(group.table.name);
  return group.kind === 'time' ? group.unit : humanName(group.column.name);
}

function rowGoalWords(goal: Extract<Goal, { kind: 'rows' }>, base: Table): string {
  const noun = goal.limit === 1 ? rowNoun(base.name) : rowNouns(base.name);
  const wanted = goal.wanted.length > 0 ? `${goal.wanted.map((column) => humanName(column.name)).join(' and ')} of ` : '';
  if (!goal.order) return `${wanted}${noun}`;
  if (isColumn(goal.order.by)) return `${goal.word ?? (goal.order.isDescending ? 'latest' : 'first')} ${goal.limit === 1 ? '' : `${goal.limit} `}${noun}`;
  const by = measureWords(goal.order.by);
  return goal.limit === 1
    ? `${noun} with the ${goal.order.isDescending ? 'highest' : 'lowest'} ${by}`
    : `${goal.order.isDescending ? 'top' : 'bottom'} ${goal.limit} ${noun} by ${by}`;
}

function measureWords(measure: Measure): string {
  return measure.columns.map((column) => humanName(column.name)).join(' times ');
}

/** One condition in words. */
function filterWords(filter: Filter, base: Table): string {
  switch (filter.kind) {
    case 'values':
      return valueWords(filter, base);
    case 'text':
      return textWords(filter, base);
    case 'date':
      return `${/^\d/.test(filter.words) ? 'of ' : ''}${filter.words}${isUsualDate(filter.column, base) ? '' : ` (${humanName(filter.column.name)})`}`;
    case 'compare':
      return `${measureWords(filter.measure)} ${filter.upTo === undefined ? `${filter.comparison} ${figureText(filter.value)}` : `from ${figureText(filter.value)} to ${figureText(filter.upTo)}`}`;
    case 'known':
      return `${filter.isNot ? 'without' : 'with'} ${humanName(filter.column.name)}`;
    case 'row':
      return `of the ${questionWords(filter.of)}`;
    case 'exists':
      return `${filter.isNot ? 'without' : 'with'} ${rowNouns(filter.table.name)}`;
    case 'child-count':
      return `with ${filter.comparison} ${filter.value} ${rowNouns(filter.table.name)}`;
  }
}

function valueWords({ column, values, isNot }: Extract<Filter, { kind: 'values' }>, base: Table): string {
  if (column.role === 'flag') return `${humanName(column.name)}: ${values[0] ? 'yes' : 'no'}`;
  if (!isNot && column.table === base && base.label.includes(column)) return `named ${values.map((value) => valueText(value)).join(' or ')}`;
  const noun = column === column.table.key || column.table.label.includes(column) ? rowNoun(column.table.name) : humanName(column.name);
  return `${noun} ${isNot ? 'not ' : ''}${values.map((value) => valueText(value)).join(isNot ? ' nor ' : ' or ')}`;
}

function textWords(filter: Extract<Filter, { kind: 'text' }>, base: Table): string {
  const tables = new Set(filter.columns.map((parts) => parts[0]?.table));
  const [table] = tables;
  const isLike = filter.mode === 'within' ? 'like ' : '';
  const text = filter.longer ?? filter.text;
  if (tables.size !== 1 || !table) return `named ${isLike}${text}`;
  const [only] = filter.columns.length === 1 ? (filter.columns[0] ?? []) : [];
  if (only && !table.label.includes(only)) return `${humanName(only.name)} ${isLike}${text}`;
  return table === base ? `named ${isLike}${text}` : `${rowNoun(table.name)} ${isLike}${text}`;
}

function isUsualDate(column: Column, base: Table): boolean {
  return column.table === base && column === firstDate(base);
}
