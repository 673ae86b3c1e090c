/** The process of one contestant: does the job for a while, so many at once, whenever it is told to; tells what that took. */
import './loopback-only.ts';
import { contestants } from './contestants/index.ts';
import { checkAnswer, jobAt, type Contestant } from './job.ts';

/** What it is told: for how long, how many at once. */
export interface SliceRequest {
  isStreamed: boolean;
  atOnce: number;
  ms: number;
}

/** What it tells: CPU of the whole process, and how long each run took. */
export interface Slice {
  runs: number;
  cpuMs: number;
  wallMs: number;
  latenciesMs: number[];
  peakMb: number;
}

const [name, origin] = process.argv.slice(2) as [string, string];
const load = contestants[name];
if (!load) throw new Error(`There is no contestant "${name}"`);
const contestant = await (await load())(jobAt(origin));

process.on('message', (request: SliceRequest) => {
  slice(contestant, request).then(
    (told) => process.send?.(told),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => {
  void Promise.resolve(contestant.close?.()).finally(() => process.exit());
});
process.send?.('ready');

async function slice(of: Contestant, { isStreamed, atOnce, ms }: SliceRequest): Promise<Slice> {
  const latenciesMs: number[] = [];
  const once = async () => {
    const begin = performance.now();
    checkAnswer(await of.run(isStreamed));
    latenciesMs.push(performance.now() - begin);
  };
  // Connections that idled away since the last slice are made anew before the clock starts.
  await Promise.all(Array.from({ length: atOnce }, once));
  latenciesMs.length = 0;
  const cpu = process.cpuUsage();
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() - begin < ms) await once();
    }),
  );
  const wallMs = performance.now() - begin;
  const used = process.cpuUsage(cpu);
  return { runs: latenciesMs.length, cpuMs: (used.user + used.system) / 1000, wallMs, latenciesMs, peakMb: process.resourceUsage().maxRSS / 1024 };
}
