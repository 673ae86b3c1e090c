/** The process that measures durable calls: chains of recorded calls on SQLite, so many runs at once, with nothing to wait for but the disk. */
import { median } from '../figures.ts';
import { durableCallsPerSecond } from './graphs/switchyard.ts';

/** On a slow disk there are fewer repetitions. */
const mostMs = 8000;

export interface DurableRequest {
  runs: number;
  callsPerRun: number;
  times: number;
}

process.on('message', ({ runs, callsPerRun, times }: DurableRequest) => {
  measure(runs, callsPerRun, times).then(
    (callsPerSecond) => process.send?.(callsPerSecond),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function measure(runs: number, callsPerRun: number, times: number): Promise<number> {
  const rates: number[] = [];
  await durableCallsPerSecond(runs, Math.ceil(callsPerRun / 4));
  const begin = performance.now();
  for (let time = 0; time < times && performance.now() - begin < mostMs; time += 1) rates.push(await durableCallsPerSecond(runs, callsPerRun));
  return median(rates);
}
