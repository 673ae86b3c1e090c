/**
 * This process's part in DBOS: the workflows it can run, the queues it serves, and its name among the others.
 *
 * 1. One run is one workflow with the run's id; its steps are the run's journal (step-journal.ts).
 * 2. DBOS lives once in a process, so there is one DbosProcess at a time.
 * 3. The application version is the interpreter's protocol, not the code: a new release goes on with the runs of the old one.
 * 4. A run that is taken over waits in a queue which only processes that execute runs serve; workers of pools never get one.
 */
import { randomUUID } from 'node:crypto';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { failure, FailureError } from '@switchyard/shared';
import type pg from 'pg';
import type { JournalEntry } from '../journal.ts';
import { callWorkflowName, queueOf, type CallRequest, type ServeCall } from './queued-call.ts';
import type { DriverLog } from './driver-log.ts';
import { latestOf } from '../long-values.ts';
import { openPool } from './open-pool.ts';
import { entriesOf, keepJournal, outsideContext, stepName, type BegunRun, type LongResults, type StepLife } from './step-journal.ts';

export interface DbosProcessOptions {
  databaseUrl: string;
  /** The process's name; a random one by default. No two at a time may share one. */
  name?: string;
  /** Executes one life of a run; undefined in a process that serves pools only. */
  execute?(run: string, life: StepLife): Promise<void>;
  /** Pools whose queued calls are made here. */
  pools?: readonly { name: string; concurrency: number; requestsPerMinute?: number }[];
  serveCall?: ServeCall;
  results: LongResults;
  log: DriverLog;
}

/** What a process can do with the runs of all. */
export interface DbosProcess {
  readonly name: string;
  /** Resolves once the run's workflow is on disk; it is executed here. Gives whether its life has `begun`, as what was handed over says: not where it was started before. */
  start(run: string, begun?: BegunRun): Promise<boolean>;
  /** Gives workflows whose process is dead to any that serves their queue. */
  takeOver(workflows: readonly { id: string; queue: string | undefined }[]): Promise<void>;
  /** What is durable of a run's journal. */
  journal(run: string): Promise<JournalEntry[]>;
  /** Removes workflows that have ended, with their steps. */
  forget(workflows: readonly string[]): Promise<void>;
  /** Takes nothing more; waits up to `withinMs` for what is under way, then lets go of it. */
  close(withinMs?: number): Promise<void>;
}

const runWorkflowName = 'run';
const runsQueue = 'switchyard-runs';
const pollMs = 50;
/** DBOS counts takeovers too and gives up after 100; the count that decides is that of the runs' own table. */
const mostRecoveries = 1_000_000;
/** What a queued call must be served by. */
export const protocol = 'protocol-1';

let isLaunched = false;
/** Starts under way here by their tokens, each good for one life: a run that was just started has no steps to look for. */
const fresh = new Map<string, { begun?: BegunRun }>();

/** Joins the processes on a database, and makes its tables where they are missing. Rejects where the database cannot be used. */
export async function launchDbos(options: DbosProcessOptions): Promise<DbosProcess> {
  if (isLaunched) throw new Error('This process has joined already: DBOS lives once in a process');
  isLaunched = true;
  const name = options.name ?? `${process.pid}-${randomUUID()}`;
  const { execute, pools = [], log, databaseUrl } = options;
  const connections = openPool({ databaseUrl, name: `switchyard dbos ${name}`, log });
  try {
    DBOS.setConfig({
      name: 'switchyard',
      systemDatabaseUrl: databaseUrl,
      executorID: name,
      applicationVersion: protocol,
      enableOTLP: false,
      systemDatabasePool: connections,
      logger: quietLogger(log),
      listenQueues: [...(execute ? [runsQueue] : []), ...pools.map((pool) => queueOf(pool.name))],
    });
    const runWorkflow = DBOS.registerWorkflow((run: string, token: string) => executeRun({ run, fresh: takeFresh(token) }, options), {
      name: runWorkflowName,
      maxRecoveryAttempts: mostRecoveries,
    });
    if (options.serveCall) registerCalls(options.serveCall);
    await DBOS.launch();
    if (execute) await DBOS.registerQueue(runsQueue, { minPollingIntervalMs: pollMs, onConflict: 'always_update' });
    for (const { name: pool, concurrency, requestsPerMinute } of pools)
      await DBOS.registerQueue(queueOf(pool), {
        minPollingIntervalMs: pollMs,
        onConflict: 'always_update',
        globalConcurrency: concurrency,
        ...(requestsPerMinute !== undefined && { rateLimit: { limitPerPeriod: requestsPerMinute, periodSec: 60 } }),
      });
    return processOf({ name, results: options.results, connections }, runWorkflow);
  } catch (error) {
    await shutDown(connections);
    const { message } = error as Error;
    throw new FailureError(
      failure(
        'database-unusable',
        `The database of the engine cannot be used: ${message}. See whether PostgreSQL is up, and whether --database-url names it and a user who may create schemas there.`,
      ),
    );
  }
}

interface Launched {
  name: string;
  results: LongResults;
  connections: pg.Pool;
}

function processOf({ name, results, connections }: Launched, runWorkflow: (run: string, token: string) => Promise<void>): DbosProcess {
  return {
    name,
    async start(run, begun) {
      // Kept with the workflow: where another start came first, this one's token is never seen again.
      const token = randomUUID();
      fresh.set(token, { ...(begun && { begun }) });
      try {
        await DBOS.startWorkflow(runWorkflow, { workflowID: run })(run, token);
        return !fresh.has(token);
      } finally {
        fresh.delete(token);
      }
    },
    async takeOver(workflows) {
      // One by one: each goes back to the queue that it is served from.
      for (const { id, queue } of workflows) await DBOS.resumeWorkflow(id, { queueName: queue ?? runsQueue });
    },
    async journal(run) {
      const steps = await stepsOf(run);
      return latestOf(
        await entriesOf(
          steps.map((step) => step.output as string),
          results,
        ),
      );
    },
    async forget(workflows) {
      if (workflows.length > 0) await DBOS.deleteWorkflows([...workflows]);
    },
    close: (withinMs) => shutDown(connections, withinMs),
  };
}

async function stepsOf(run: string) {
  const steps = (await DBOS.listWorkflowSteps(run)) ?? [];
  return steps.filter((step) => step.name === stepName);
}

async function shutDown(connections: pg.Pool, withinMs = 0): Promise<void> {
  // Workflows under way are let go of, not ended: their steps stay, and another process goes on with them.
  await DBOS.shutdown({ deregister: true, workflowCompletionTimeoutMS: withinMs });
  await connections.end();
  isLaunched = false;
}

function takeFresh(token: string): { begun?: BegunRun } | undefined {
  const taken = fresh.get(token);
  fresh.delete(token);
  return taken;
}

async function executeRun({ run, fresh: start }: { run: string; fresh: { begun?: BegunRun } | undefined }, options: DbosProcessOptions): Promise<void> {
  const { execute, results } = options;
  if (!execute) throw new Error('A process that serves pools only was given a run');
  // Outside the workflow, where looking is no step of it.
  const recorded = start ? [] : await outsideContext(() => stepsOf(run));
  const runStep = (work: () => Promise<string>) => DBOS.runStep(work, { name: stepName });
  await keepJournal({ run, results, count: recorded.length, runStep, ...(start?.begun && { begun: start.begun }) }, (life) => execute(run, life));
}

function registerCalls(serveCall: ServeCall): void {
  DBOS.registerWorkflow((request: CallRequest) => serveCall(request, (work) => DBOS.runStep(work, { name: 'begin' })), {
    name: callWorkflowName,
    maxRecoveryAttempts: mostRecoveries,
  });
}

/** DBOS's own notes are of interest to who looks for a fault in it. */
function quietLogger(log: DriverLog) {
  const text = (entry: unknown) => (entry instanceof Error ? entry.message : typeof entry === 'string' ? entry : JSON.stringify(entry));
  return { info: () => {}, debug: () => {}, warn: (entry: unknown) => log.info(text(entry)), error: (entry: unknown) => log.warn(text(entry)) };
}
