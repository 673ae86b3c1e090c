/** Moments and units of time before they are SQL: each dialect writes them in its own way. */

export type Moment =
  /** A day by its date, `YYYY-MM-DD`. */
  | { kind: 'day'; day: string }
  /** A day by its way from the day of the run, which the database knows: the planner has no clock. */
  | { kind: 'from-today'; startOf?: 'month' | 'year'; change?: { count: number; unit: 'day' | 'month' | 'year' } }
  | { kind: 'now' };

export type TimeUnit = 'day' | 'week' | 'month' | 'quarter' | 'year' | 'weekday';

export const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
