/** Durable calls a second, at 1, 16 and 64 runs at once. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { DurableRequest } from './durable-process.ts';
import { ended, heard, loads, quietEnvironment } from './rounds.ts';

export interface DurableFigures {
  callsPerSecond: Record<`${(typeof loads)[number]}`, number>;
}

export async function measureDurable({ times, note }: { times: number; note(text: string): void }): Promise<DurableFigures> {
  note('durable calls');
  const child = fork(join(import.meta.dirname, 'durable-process.ts'), { env: quietEnvironment() });
  try {
    await heard(child, 'durable calls');
    const rates: [number, number][] = [];
    for (const runs of loads) {
      const told = heard<number>(child, 'durable calls');
      child.send({ runs, callsPerRun: runs === 1 ? 1000 : 500, times } satisfies DurableRequest);
      rates.push([runs, await told]);
    }
    return { callsPerSecond: Object.fromEntries(rates) as DurableFigures['callsPerSecond'] };
  } finally {
    await ended(child);
  }
}
