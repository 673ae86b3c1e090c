/** `switchyard test`: runs recorded tests, calling nothing. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readFlow, readTest, type Diagnostic, type Flow } from '@switchyard/shared';
import { runTest, type TestOutcome } from '../work/recorded-test.ts';
import { CommandRefused, exitCodes, type Command } from './command.ts';
import { diagnosticText } from './diagnostic-text.ts';
import { divergenceText } from './divergence-text.ts';
import { readDocumentFile } from './documents.ts';

/** Bounds of the search for tests. */
const mostFiles = 1000;
const deepest = 16;

interface Tested extends TestOutcome {
  file: string;
  name?: string;
  passed: boolean;
}

export const test: Command = {
  usage: `switchyard test [FILE]... [--flow FLOW] [--json]

Runs recorded tests ("switchyard record" makes them): each flow runs on its recorded results, nothing is called, and the first divergence is told.

  FILE         a test (default: every *.test.json in this folder and below it)
  --flow FLOW  runs this flow instead of the ones in the tests: does it still do what was recorded?
  --json       prints { "tests": [{ "file", "name", "passed", "divergence"?, "diagnostics"? }] } and nothing else

Exit: 0 all pass, 1 one fails, 2 bad usage, or nothing to test.`,

  async run(args, surroundings) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { flow: { type: 'string' }, json: { type: 'boolean' } } });
    const files = positionals.length > 0 ? positionals : findTests('.');
    if (files.length === 0) throw new CommandRefused('There is no *.test.json in this folder or below it. "switchyard record" makes one of a run.');
    const flow = values.flow === undefined ? undefined : flowOf(values.flow);
    const registry = await surroundings.registry();
    const tested: Tested[] = [];
    for (const file of files) {
      const { document, diagnostics } = readTest(readDocumentFile(file, 'test'));
      const outcome: TestOutcome = document ? await runTest(document, registry, flow) : { diagnostics };
      const one = { file, ...(document && { name: document.name }), passed: !outcome.divergence && !outcome.diagnostics, ...outcome };
      tested.push(one);
      if (!values.json) surroundings.print(testedText(one));
    }
    if (values.json) surroundings.print(JSON.stringify({ tests: tested }));
    const failed = tested.filter(({ passed }) => !passed).length;
    if (!values.json) surroundings.note(`${tested.length - failed} of ${tested.length} tests pass.`);
    return failed > 0 ? exitCodes.failed : exitCodes.done;
  },
};

function flowOf(file: string): Flow {
  const { document, diagnostics } = readFlow(readDocumentFile(file, 'flow'));
  if (!document) throw new CommandRefused(`The flow ${file} has errors.`, { diagnostics });
  return document;
}

function testedText({ file, name, passed, divergence, diagnostics = [] }: Tested): string {
  const head = `${passed ? 'pass' : 'FAIL'} ${file}${name === undefined ? '' : `: ${name}`}`;
  return [head, ...(divergence ? [divergenceText(divergence)] : []), ...diagnostics.map((one: Diagnostic) => diagnosticText(one))].join('\n  ');
}

/** In the order of their names; folders of packages and hidden ones are left out. */
function findTests(folder: string, depth = 0): string[] {
  if (depth > deepest) return [];
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) found.push(...findTests(join(folder, entry.name), depth + 1));
    else if (entry.isFile() && entry.name.endsWith('.test.json')) found.push(join(folder, entry.name));
    if (found.length > mostFiles) throw new CommandRefused(`There are more than ${mostFiles} tests below this folder. Name those to run.`);
  }
  return found;
}
