/** A question to one database, as read from a clause and before it is SQL. */
import type { Json } from '@switchyard/shared';
import type { Column, Table } from '../schema/model.ts';
import type { Moment, TimeUnit } from '../schema/moment.ts';

/** What is added up or compared: a number column, or price times quantity. */
export interface Measure {
  columns: readonly Column[];
  /** 0 to 1: how well the words name it. */
  strength: number;
}

export type Group = { kind: 'column'; column: Column } | { kind: 'table'; table: Table } | { kind: 'time'; column: Column; unit: TimeUnit };

export type Comparison = '>' | '>=' | '<' | '<=' | '=';

export type Filter =
  | { kind: 'values'; column: Column; values: readonly Json[]; isNot: boolean }
  /** `longer` is the name with the plain words after it, which may be part of it: "Oak desk". */
  | { kind: 'text'; columns: readonly Column[][]; text: string; longer?: string; mode: 'equal' | 'within' }
  /** `to` is excluded. */
  | { kind: 'date'; column: Column; from?: Moment; to?: Moment; words: string }
  | { kind: 'compare'; measure: Measure; comparison: Comparison; value: number; upTo?: number }
  | { kind: 'exists'; table: Table; isNot: boolean }
  /** The column holds something, or nothing. */
  | { kind: 'known'; column: Column; isNot: boolean }
  /** Belongs to the one row that another question finds. */
  | { kind: 'row'; key: Column; of: Question }
  | { kind: 'child-count'; table: Table; comparison: Comparison; value: number };

export type AggregateFunction = 'SUM' | 'AVG' | 'MIN' | 'MAX';

export type Figure = { kind: 'count' } | { kind: 'distinct'; column: Column } | { kind: 'aggregate'; name: AggregateFunction; measure: Measure };

export interface Order {
  by: Column | Measure;
  isDescending: boolean;
}

export type Goal =
  /** One figure, or with groups one per group; ordered by the figure. */
  | { kind: 'figure'; figure: Figure; groups: Group[]; isDescending?: boolean; limit?: number }
  /** `also` is shown besides what is wanted, or besides the row's own columns where nothing is. */
  | { kind: 'rows'; wanted: Column[]; also?: Column[]; order?: Order; limit: number; word?: string };

export interface Question {
  base: Table;
  goal: Goal;
  filters: Filter[];
}

/** The table that a filter speaks of. */
export function filterTable(filter: Filter): Table | undefined {
  if (filter.kind === 'values' || filter.kind === 'date' || filter.kind === 'known') return filter.column.table;
  if (filter.kind === 'row') return filter.key.table;
  if (filter.kind === 'compare') return filter.measure.columns[0]?.table;
  if (filter.kind === 'text') return filter.columns[0]?.[0]?.table;
  return filter.table;
}

export function isColumn(by: Column | Measure): by is Column {
  return 'role' in by;
}
