/** The goals of the engine beside what was measured, met or not. */
import { shown } from '../figures.ts';
import type { Figures } from './report.ts';
import type { GraphRow } from './measure-graphs.ts';
import type { JobFigures } from './rounds.ts';

type Line = [goal: string, measured: string, verdict: string];

export function goalLines({ compile, job, noop, durable }: Figures): Line[] {
  return [
    ...['switchyard memory', 'switchyard sqlite'].flatMap((name) => jobLines(job, name)),
    graphLine('a pure no-op node of 1,000 and of 100,000 at most 2 us', noop, { recorded: false, most: 2 }),
    graphLine('a recorded call in memory of 1,000 and of 100,000 at most 5 us', noop, { recorded: true, most: 5 }),
    ...(durable ? [line('durable calls a second at 64 runs: at least 20,000', shown(durable.callsPerSecond[64]), durable.callsPerSecond[64] >= 20_000)] : []),
    ...compile.filter(({ nodes }) => nodes === 10_000).map(({ ms }) => line('compile of 10,000 nodes under 300 ms', `${shown(ms)} ms`, ms < 300)),
  ];
}

function jobLines(job: Figures['job'], name: string): Line[] {
  const isDurable = name.endsWith('sqlite');
  const [overFetch, overDispatch] = isDurable ? [0.6, 2] : [0.5, 1.5];
  const row = job.find((one) => one.name === name);
  const base = job.find((one) => one.name === 'dispatch loop');
  if (!row || !base) return [];
  const both = (pick: (figures: JobFigures, ofBase: JobFigures) => number): [number, number] => [pick(row, base), pick(row.streamed, base.streamed)];
  const told = (what: string, values: [number, number], most: number) =>
    line(`${name}: CPU a run at most ${most}x of ${what}`, `${values[0].toFixed(2)}x whole, ${values[1].toFixed(2)}x streamed`, Math.max(...values) <= most);
  return [
    told(
      'the fetch loop',
      both(({ ratio }) => ratio),
      overFetch,
    ),
    told(
      'the dispatch loop',
      both(({ cpuMsPerRun }, ofBase) => cpuMsPerRun / ofBase.cpuMsPerRun),
      overDispatch,
    ),
  ];
}

function graphLine(goal: string, noop: readonly GraphRow[], { recorded, most }: { recorded: boolean; most: number }): Line {
  const rows = noop.filter((row) => row.name === 'switchyard memory' && row.recorded === recorded && (row.nodes === 1000 || row.nodes === 100_000));
  const worst = Math.max(...rows.map(({ microsecondsPerNode }) => microsecondsPerNode));
  const best = Math.min(...rows.map(({ microsecondsPerNode }) => microsecondsPerNode));
  return line(goal, `${shown(best)} to ${shown(worst)} us`, worst <= most);
}

function line(goal: string, measured: string, isMet: boolean): Line {
  return [goal, measured, isMet ? 'met' : '**missed**'];
}
