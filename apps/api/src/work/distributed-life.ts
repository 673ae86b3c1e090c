/**
 * One life of a run on the distributed engine: from its recorded steps on, until it ends or another process has it.
 *
 * 1. Every event gets the next seq, and a time that never goes back; what is told is written by the life that owns the run alone.
 * 2. Signals are kept in the database until the run ends, so that one which came between two lives is heard by the second.
 * 3. The end is on disk before the run's workflow ends; a crash between the two changes nothing.
 */
import { createCallPort, type CallPort, type Pools, type Redact } from '@switchyard/engine/adapters';
import { signalTopicOf, type DbosEngine, type RunLife, type StepLife } from '@switchyard/engine/adapters/dbos';
import type { Registry } from '@switchyard/engine';
import { runPlan } from '@switchyard/engine/run';
import { failure, type RunEvent, type RunEventBody } from '@switchyard/shared';

export interface LifeOptions {
  engine: DbosEngine;
  registry: Registry;
  pools: Pools;
  redactor(): Redact;
  /** Ports of the runs under way here, so that the process can let go of them. */
  held: Set<CallPort>;
}

/** A run that was begun this often and never ended takes its process down: it is not given to yet another. */
const mostLives = 50;

/** Resolves once the run has ended; never where this process lets go of it. */
export async function liveOnce(options: LifeOptions, run: string, steps: StepLife): Promise<void> {
  const { engine, registry, held } = options;
  const life = await engine.runs.beginLife(run);
  if (!life) return;
  const teller = createTeller(engine, life);
  if (life.lives > mostLives) return await giveUp(teller, life);
  const { waits } = engine.runs;
  const port = createCallPort({
    run,
    startedAt: life.run.startedAt,
    host: engine.host,
    pools: options.pools,
    redact: options.redactor(),
    journal: steps.journal,
    recorded: steps.recorded,
    signals: await waits.signals(run),
    emit: (event, at) => teller.tell(event, at),
  });
  teller.follow(port);
  const hear = async () => {
    for (const [name, payload] of await waits.signals(run)) if (held.has(port)) port.signal(name, payload);
  };
  // One that is not heard now is heard at the next look: each is kept until the run ends.
  const unlisten = engine.notices.listen(signalTopicOf(run), () => void hear().catch(() => undefined));
  const letGo = () => {
    unlisten();
    held.delete(port);
    port.close();
  };
  steps.signal.addEventListener('abort', letGo, { once: true });
  held.add(port);
  try {
    const { plan, inputs } = life.run;
    const running = runPlan(plan, inputs, { run, registry, port, emit: (event) => teller.tell(event) });
    // What came between the first look and the listening.
    await hear();
    await running;
    port.close();
    await teller.end();
  } finally {
    unlisten();
    held.delete(port);
  }
}

/** Stamps events and hands them to the store; the last one is kept for `end`. */
function createTeller({ runs }: DbosEngine, life: RunLife) {
  let seq = life.nextSeq;
  let lastAt = 0;
  let port: CallPort | undefined;
  let last: Extract<RunEvent, { type: 'run-end' }> | undefined;
  return {
    follow: (followed: CallPort) => {
      port = followed;
    },
    tell(body: RunEventBody, at?: number) {
      lastAt = Math.max(lastAt, at ?? (port?.isReplaying ? port.now() : Date.now()));
      const event = { ...body, seq, at: lastAt } as RunEvent;
      seq += 1;
      if (event.type === 'run-end') last = event;
      else runs.appendEvent(life, event);
    },
    async end() {
      if (!last) return;
      const { status, outputs, failure: cause, usage, at } = last;
      await runs.finish(life, { status, outputs, usage, endedAt: at, ...(cause && { failure: cause }) }, last);
    },
  };
}

async function giveUp(teller: ReturnType<typeof createTeller>, { run, lives }: RunLife): Promise<void> {
  teller.tell({ type: 'run-start', run: run.run, flow: run.plan.flow, plan: run.plan.hash, inputs: run.inputs });
  const cause = failure(
    'run-lost-too-often',
    `The run was begun ${lives - 1} times, and each time the process that executed it stopped before its end. Look in the logs of those processes for why, then start a new run.`,
  );
  teller.tell({ type: 'run-end', status: 'failed', outputs: {}, failure: cause, usage: { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 } });
  await teller.end();
}
