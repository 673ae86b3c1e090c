/**
 * `node bench/engine.ts [--quick] [--json] [--only=NAME,…]`: the engine beside hand-written loops and other frameworks, on the same job and the same graphs.
 * Prints tables, and writes them with the machine to docs/performance.md; with `--json` one object on stdout and nothing else there.
 * `--quick` takes less than a minute, and leaves the document as it is; so does `--only`, which measures the two loops and whoever has one of these words in
 * the name: `--only=memory`. Needs the packages of bench/package.json where a peer is measured: `npm run bench` installs them.
 */
import { measureCompile } from './engine/compile-figures.ts';
import { measureDurable } from './engine/measure-durable.ts';
import { measureGraphs } from './engine/measure-graphs.ts';
import { measureJob } from './engine/rounds.ts';
import { describeMachine } from './engine/machine.ts';
import { reportOf, writeSection } from './engine/report.ts';

const isQuick = process.argv.includes('--quick');
const isJson = process.argv.includes('--json');
const only = process.argv
  .find((flag) => flag.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const isWanted = (name: string) => !only || only.some((word) => name.includes(word));
const note = (text: string) => console.error(`… ${text}`);

const machine = describeMachine();
const compile = await measureCompile();
const job = await measureJob({
  ...(isQuick ? { rounds: 2, mostMs: 15_000, sliceMs: 120, warmUpMs: 300 } : { rounds: 7, mostMs: 190_000, sliceMs: 500, warmUpMs: 4000 }),
  isWanted,
  note,
});
const noop = await measureGraphs({ ...(isQuick ? { ms: 40, mostNodes: 1000 } : { ms: 600, mostNodes: 100_000 }), isWanted, note });
const durable = isWanted('switchyard sqlite') ? await measureDurable({ times: isQuick ? 1 : 5, note }) : undefined;

const report = reportOf({ machine, compile, job, noop, ...(durable && { durable }) });
if (isJson) console.log(JSON.stringify({ job, noop, durable, compile, machine }));
else console.log(report);
if (!isQuick && !only) writeSection('engine', report);
