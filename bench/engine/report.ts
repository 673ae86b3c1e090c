/** The figures as text: tables in Markdown, with what they mean against the goals. Written into docs/performance.md between two marks. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shown } from '../figures.ts';
import type { CompileRow } from './compile-figures.ts';
import { shapes } from './graphs/shapes.ts';
import type { Machine } from './machine.ts';
import type { DurableFigures } from './measure-durable.ts';
import type { GraphRow } from './measure-graphs.ts';
import { loads, type JobFigures, type JobRow } from './rounds.ts';
import { goalLines } from './goals.ts';

export interface Figures {
  machine: Machine;
  compile: CompileRow[];
  job: JobRow[];
  noop: GraphRow[];
  /** Absent where it was not measured. */
  durable?: DurableFigures;
}

const file = join(import.meta.dirname, '../../docs/performance.md');

export function reportOf(figures: Figures): string {
  const { machine, compile, job, noop, durable } = figures;
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured ${machine.at} UTC on ${machine.cpu}, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}; load average before: ${machine.loadAverage}.`,
    ...(machine.loadAverage > 1
      ? ['The machine was busy with other work: figures are higher than its own and unsteady, ratios of interleaved rounds less so.']
      : []),
    `Versions: ${versions.join(', ')}.`,
    heading('Goals'),
    table(['goal', 'measured', ''], goalLines(figures)),
    heading('The job, answered whole'),
    jobTable(job, (row) => row),
    heading('The job, streamed'),
    jobTable(job, (row) => row.streamed),
    heading('A node that does nothing, microseconds'),
    graphTable(noop),
    ...(durable
      ? [
          heading('Durable calls a second'),
          table(['runs at once', ...loads.map(String)], [['calls a second', ...loads.map((load) => shown(durable.callsPerSecond[load]))]]),
        ]
      : []),
    heading('Compile'),
    table(
      ['nodes', 'ms'],
      compile.map(({ nodes, ms }) => [nodes.toLocaleString('en'), shown(ms)]),
    ),
  ].join('\n\n');
}

/** Puts a benchmark's figures into the document, in the place of those before. */
export function writeSection(name: string, report: string): void {
  const [begin, end] = [`<!-- ${name}: written by npm run bench -- ${name} -->`, `<!-- ${name}: end -->`];
  const section = `${begin}\n\n${report}\n\n${end}`;
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '# Performance\n';
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  writeFileSync(file, from >= 0 && to > from ? before.slice(0, from) + section + before.slice(to + end.length) : `${before}\n${section}\n`);
}

function heading(text: string): string {
  return `### ${text}`;
}

function jobTable(rows: readonly JobRow[], figures: (row: JobRow) => JobFigures): string {
  const head = ['', 'CPU ms a run', 'to the fetch loop', ...loads.map((load) => `runs/s at ${load}`), 'p50 ms', 'p99 ms', 'peak MB'];
  const lines = rows.map((row) => {
    const { cpuMsPerRun, ratio, runsPerSecond, p50Ms, p99Ms } = figures(row);
    return [
      row.name,
      shown(cpuMsPerRun),
      `${ratio.toFixed(2)}x`,
      ...loads.map((load) => shown(runsPerSecond[load])),
      shown(p50Ms),
      shown(p99Ms),
      shown(row.peakMb),
    ];
  });
  return table(head, lines);
}

/** Sizes as columns, so that growth shows. */
function graphTable(rows: readonly GraphRow[]): string {
  const sizes = [...new Set(rows.map(({ nodes }) => nodes))].sort((a, b) => a - b);
  const names = [...new Set(rows.map(({ name, recorded }) => `${name}${recorded ? ', a recorded call' : ''}`))];
  const lines = names.flatMap((name) =>
    shapes.map((shape) => [
      name,
      shape,
      ...sizes.map((size) => {
        const row = rows.find((one) => `${one.name}${one.recorded ? ', a recorded call' : ''}` === name && one.shape === shape && one.nodes === size);
        return row ? shown(row.microsecondsPerNode) : '';
      }),
    ]),
  );
  return table(['', 'shape', ...sizes.map((size) => `of ${size.toLocaleString('en')}`)], lines);
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...lines.map(line)].join('\n');
}
