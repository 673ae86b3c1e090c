/** At start, goes on with every run that the last process left under way, in the background. Those that wait go on when their time comes. */
import type { RunStore } from '@switchyard/engine/adapters';
import type { Logger } from 'pino';
import type { Runner } from './runner-interface.ts';

export interface Interrupted {
  runs: RunStore;
  runner: Runner;
  log: Logger;
}

/** Resolves once every run has ended or waits; never rejects: a run that cannot go on is told in the log. */
export async function resumeInterrupted({ runs, runner, log }: Interrupted): Promise<void> {
  await Promise.all(
    runs.unfinished().map(async (run) => {
      try {
        const { status } = await runner.resume(run);
        log.info({ run, status }, 'an interrupted run went on and ended');
      } catch (error) {
        log.error({ run, err: error }, 'an interrupted run could not go on');
      }
    }),
  );
}
