/** docs/performance.md: each benchmark has its section between two marks, and writes that alone. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMachine } from './engine/machine.ts';

const file = join(import.meta.dirname, '../docs/performance.md');

/** On what, and when: the first line of a section. To be called before anything is measured. */
export function machineLine(): string {
  const { at, cpu, memoryGb, system, node, loadAverage } = describeMachine();
  const busy = loadAverage > 1 ? ' The machine was busy with other work: times are longer than its own.' : '';
  return `Measured ${at} UTC on ${cpu}, ${memoryGb} GB, ${system}, Node ${node}; load average before: ${loadAverage}.${busy}`;
}

/** Puts the text into the section of this benchmark, in the place of the one before. Throws where the page has no such section. */
export function writeSection(name: string, text: string): void {
  const begin = `<!-- ${name}: written by npm run bench -- ${name} -->`;
  const end = `<!-- ${name}: end -->`;
  const before = readFileSync(file, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no section "${name}"`);
  writeFileSync(file, `${before.slice(0, from)}${begin}\n\n${text}\n\n${before.slice(to)}`);
}

export function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...lines.map(line)].join('\n');
}
