/** The flags that say which ended runs are kept. */
import type { Retention } from '@switchyard/engine/adapters';
import { CommandRefused } from './command.ts';

/** Without flags and environment. */
const usual: Retention = { days: 30, runs: 10_000 };

/** As they were given; the environment's count where there is no flag. */
export interface RetentionTexts {
  days?: string | undefined;
  runs?: string | undefined;
}

/** Throws a refusal for anything but whole numbers from 0; 0 is without a limit. */
export function retentionOf(flags: RetentionTexts, environment: RetentionTexts): Retention {
  return {
    days: countOf(flags.days ?? environment.days, usual.days, '--keep-days or SWITCHYARD_KEEP_DAYS'),
    runs: countOf(flags.runs ?? environment.runs, usual.runs, '--keep-runs or SWITCHYARD_KEEP_RUNS'),
  };
}

function countOf(text: string | undefined, otherwise: number, what: string): number {
  if (text === undefined || text === '') return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new CommandRefused(`"${text}" is no number for ${what}: whole numbers are, and 0 keeps all.`, { isUsage: true });
  return Number(text);
}
