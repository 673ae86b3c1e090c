/**
 * One life of a run on the distributed engine: from its recorded steps on, until it ends, is let go of while it waits, or another process has it.
 *
 * 1. Every event gets the next seq, and a time that never goes back; what is told is written by the life that owns the run alone.
 * 2. Signals are kept in the database until the run ends, so that one which came between two lives is heard by the second.
 * 3. The end is on disk before the run's workflow ends; a crash between the two changes nothing. The same holds for the rest of a run that waits.
 */
import { createCallPort, timeOf, withUnusedEdits, type CallPort, type Pools, type Redact } from '@switchyard/engine/adapters';
import { Ears, type DbosEngine, type DriverLog, type RunLife, type StepLife } from '@switchyard/engine/adapters/dbos';
import type { Registry, Seed } from '@switchyard/engine';
import { runPlan } from '@switchyard/engine/run';
import { failure, FailureError, noUsage, type Failure, type RunEvent, type RunEventBody, type RunResult } from '@switchyard/shared';
import { keepQuestions, type AskedQuestions } from './asked-questions.ts';
import { recordingOn, seedFrom } from './seeding.ts';

export interface LifeOptions {
  engine: DbosEngine;
  registry: Registry;
  pools: Pools;
  redactor(): Redact;
  /** Ports of the runs under way here, so that the process can let go of them. */
  held: Set<CallPort>;
  log: DriverLog;
}

/** A run that was begun this often and never ended takes its process down: it is not given to yet another. */
const mostLives = 50;

/** Resolves once the run has ended, with how, or rests; never where this process lets go of it. */
export async function liveOnce(options: LifeOptions, run: string, steps: StepLife): Promise<RunResult | undefined> {
  const { runs, notices } = options.engine;
  // Listening begins before the run's row is read: what is told from then on is heard, what was told before stands in the row.
  const ears = steps.begun?.ears ?? new Ears(notices, run);
  try {
    const life = steps.begun?.life ?? (await runs.beginLife(run));
    return life && (await live(options, { life, steps, ears }));
  } finally {
    ears.close();
  }
}

interface Beginning {
  life: RunLife;
  steps: StepLife;
  ears: Ears;
}

async function live(options: LifeOptions, { life, steps, ears }: Beginning): Promise<RunResult | undefined> {
  const { engine, log } = options;
  const redact = options.redactor();
  const teller = createTeller(engine, life, await keepQuestions(engine, life, { redact, log }));
  if (life.lives > mostLives) return await refuse(teller, life, lostTooOften(life));
  const seed = await seedOf(options, life);
  if (seed instanceof FailureError) return await refuse(teller, life, seed.failure);
  return await execute(options, { life, steps, ears, teller, redact, ...(seed && { seed }) });
}

interface Living extends Beginning {
  teller: Teller;
  redact: Redact;
  seed?: Seed;
}

async function execute({ engine, registry, pools, held }: LifeOptions, { life, steps, ears, teller, redact, seed }: Living): Promise<RunResult | undefined> {
  const { run, plan, inputs, startedAt, seed: request } = life.run;
  const { waits } = engine.runs;
  // What it had not been told by then, it has no signals of.
  let heard = life.told;
  const port = createCallPort({
    run,
    startedAt,
    host: engine.host,
    pools,
    redact,
    journal: steps.journal,
    recorded: steps.recorded,
    signals: heard > 0 ? await waits.signals(run) : new Map(),
    parks: 'always',
    emit: (event, at) => teller.tell(event, at),
    ...(seed && { seed }),
  });
  const hear = async () => {
    const told = await waits.told(run);
    for (const [name, payload] of await waits.signals(run)) if (held.has(port)) port.signal(name, payload);
    if (!port.parked) heard = Math.max(heard, told);
  };
  const letGo = () => {
    ears.close();
    held.delete(port);
    port.close();
  };
  steps.signal.addEventListener('abort', letGo, { once: true });
  held.add(port);
  try {
    const running = runPlan(plan, inputs, {
      run,
      registry,
      port,
      emit: (event) => teller.tell(withUnusedEdits(event, port), timeOf(event, port, startedAt)),
      ...(request?.pins && { pins: request.pins }),
    });
    // One that is not heard now is heard at the next look: each is kept until the run ends.
    ears.hear(() => void hear().catch(() => undefined));
    await running;
    port.close();
    // The journal and the rows of a run reach the database on ways of their own.
    await port.settled();
    if (!port.parked) return await teller.end();
    await teller.park({ ...port.parked, heard });
    return undefined;
  } finally {
    ears.close();
    held.delete(port);
  }
}

type Teller = ReturnType<typeof createTeller>;

/** Stamps events and hands them to the store; the last one is kept for `end` or `park`. */
function createTeller({ runs, process }: DbosEngine, life: RunLife, questions: AskedQuestions) {
  let seq = life.nextSeq;
  let lastAt = 0;
  let last: Extract<RunEvent, { type: 'run-end' }> | undefined;
  return {
    tell(body: RunEventBody, at = Date.now()) {
      lastAt = Math.max(lastAt, at);
      const event = { ...body, seq, at: lastAt } as RunEvent;
      seq += 1;
      questions.follow(event);
      if (event.type === 'run-end') last = event;
      else runs.appendEvent(life, event);
    },
    /** Gives how it ended; undefined where another life has the run. */
    async end(): Promise<RunResult | undefined> {
      if (!last) return undefined;
      const { status, outputs, failure: cause, usage, at } = last;
      await questions.written();
      const ended = { status, outputs, usage, ...(cause && { failure: cause }) };
      return (await runs.finish(life, { ...ended, endedAt: at }, last)) ? { run: life.run.run, ...ended } : undefined;
    },
    async park(parked: { wakeAt?: number; heard: number }) {
      if (!last) return;
      const { outputs, usage } = last;
      await questions.written();
      await runs.park(life, { ...parked, outputs, usage, executor: process.name }, last);
    },
  };
}

/** What is laid under the run, or why it cannot go on without. */
async function seedOf({ engine, registry }: LifeOptions, { run }: RunLife): Promise<Seed | FailureError | undefined> {
  const { runs, process } = engine;
  const source = {
    get: (id: string) => runs.get(id),
    events: (id: string, after: number, limit: number) => runs.events(id, after, limit),
    journal: process.journal,
  };
  try {
    return seedFrom(run.seed?.of === undefined ? undefined : await recordingOn(source, run.seed.of), run, registry);
  } catch (error) {
    if (error instanceof FailureError) return error;
    throw error;
  }
}

/** Ends a run before it begins. */
async function refuse(teller: Teller, { run }: RunLife, cause: Failure): Promise<RunResult | undefined> {
  teller.tell({ type: 'run-start', run: run.run, flow: run.plan.flow, plan: run.plan.hash, inputs: run.inputs }, run.startedAt);
  teller.tell({ type: 'run-end', status: 'failed', outputs: {}, failure: cause, usage: { ...noUsage } });
  return await teller.end();
}

function lostTooOften({ lives }: RunLife): Failure {
  return failure(
    'run-lost-too-often',
    `The run was begun ${lives - 1} times, and each time the process that executed it stopped before its end. Look in the logs of those processes for why, then start a new run.`,
  );
}
