/**
 * The open questions of one life of a run on the distributed engine, kept in the database.
 *
 * 1. They are written in order, one after another; what cannot be written is tried again, since a question that nobody sees is never answered.
 * 2. One that an earlier life asked keeps the moment at which it was first asked.
 */
import type { Redact } from '@switchyard/engine/adapters';
import type { DbosEngine, DriverLog, RunLife } from '@switchyard/engine/adapters/dbos';
import { askOf, type JsonObject, type RunEvent } from '@switchyard/shared';

const retryMs = 500;
/** Through half a minute without a database. */
const mostTries = 60;

export interface AskedQuestions {
  /** Takes note of what is asked and of what is answered. */
  follow(event: RunEvent): void;
  /** Resolves once all of it is written. */
  written(): Promise<void>;
}

export async function keepQuestions(engine: DbosEngine, life: RunLife, { redact, log }: { redact: Redact; log: DriverLog }): Promise<AskedQuestions> {
  const { waits } = engine.runs;
  const { run } = life.run;
  const since = new Map<string, number>();
  if (life.lives > 1) {
    for (const wait of await waits.list({ run, limit: 10_000 })) since.set(wait.key, wait.since);
    await waits.begin(life);
  }
  const open = new Set<string>();
  let writing: Promise<void> = Promise.resolve();
  const write = (work: () => Promise<void>) => {
    writing = writing.then(() => persist(work, (error) => log.warn(`A question of the run ${run} could not be written: ${error.message}`)));
  };
  return {
    follow(event) {
      if (event.type === 'wait-end' && open.delete(event.key)) write(() => waits.end(life, event.key));
      const ask = event.type === 'wait-start' ? askOf(event.until) : undefined;
      if (event.type !== 'wait-start' || !ask) return;
      const { key, task, until, at } = event;
      const { time } = until as JsonObject;
      open.add(key);
      write(() => waits.open(life, { key, task, ask: redact(ask), since: since.get(key) ?? at, ...(typeof time === 'number' && { until: time }) }));
    },
    written: () => writing,
  };
}

async function persist(work: () => Promise<void>, giveUp: (error: Error) => void): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (tries === mostTries) {
        giveUp(error as Error);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}
