/**
 * The processes that hold database files.
 *
 * 1. A file gets its first process when first asked for, and another only while requests wait behind a slow one, up to three.
 * 2. A process runs one request at a time. Requests of a file start in the order they came.
 * 3. A request that runs out of time, or is cancelled, takes its process with it; the next request gets a new one.
 * 4. A write whose process ends has an unknown outcome, and is not made again by itself.
 * 5. Processes end after a while without work, and with the host.
 */
import { FailureError, failure } from '@switchyard/shared';
import type { Deadline } from '../deadline.ts';
import { DatabaseProcess, type DatabaseProgram } from './database-process-handle.ts';
import type { DatabaseFailure, DatabaseReply, DatabaseRequest } from './database-protocol.ts';

export interface DatabasePool {
  /** The JSON text of the result. Rejects with a FailureError whose message begins with `what`. */
  ask(file: string, request: DatabaseRequest, limits: { deadline: Deadline; what: string }): Promise<string>;
  close(): Promise<void>;
}

export interface DatabasePoolOptions {
  program: DatabaseProgram;
  /** Processes per file. Default 3. */
  perFile?: number;
  /** A process without work ends after this long. Default 30 s. */
  idleMs?: number;
}

/** A request waits this long for a busy process before another is started. */
const patienceMs = 60;
/** A process that dies before its first reply may do so again: after this many in a row, waiting requests fail. */
const mostFalseStarts = 3;

interface Job {
  request: DatabaseRequest;
  what: string;
  settle(reply: DatabaseReply | FailureError): void;
}

export function createDatabasePool({ program, perFile = 3, idleMs = 30_000 }: DatabasePoolOptions): DatabasePool {
  const crews = new Map<string, Crew>();
  let isClosed = false;
  return {
    ask(file, request, { deadline, what }) {
      if (isClosed) return Promise.reject(lost(what, 'the host is closed'));
      const crew = crews.get(file) ?? new Crew(file, { program, perFile, idleMs });
      crews.set(file, crew);
      return askCrew(crew, request, { deadline, what });
    },
    async close() {
      isClosed = true;
      await Promise.all([...crews.values()].map((crew) => crew.close()));
    },
  };
}

function askCrew(crew: Crew, request: DatabaseRequest, { deadline, what }: { deadline: Deadline; what: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => crew.hurry(job), patienceMs);
    const giveUp = () => {
      const wasRunning = crew.drop(job);
      const why = deadline.failure(what, 'never') ?? lost(what, 'it was given up');
      const isOpen = wasRunning && isWrite(request) && why.failure.code === 'timeout';
      job.settle(isOpen ? { failure: unknownOutcome('its time was up, and its process was ended') } : why);
    };
    const job: Job = {
      request,
      what,
      settle(reply) {
        clearTimeout(patience);
        deadline.signal.removeEventListener('abort', giveUp);
        if (reply instanceof FailureError) reject(reply);
        else if ('text' in reply) resolve(reply.text);
        else
          reject(
            new FailureError(failure(reply.failure.code, `${what} failed: ${reply.failure.message}.`, { retry: reply.failure.mayRetry ? 'policy' : 'never' })),
          );
      },
    };
    if (deadline.signal.aborted) return giveUp();
    deadline.signal.addEventListener('abort', giveUp, { once: true });
    crew.add(job);
  });
}

/** The processes of one file, and the requests that wait for them. */
class Crew {
  readonly #file: string;
  readonly #options: Required<DatabasePoolOptions>;
  readonly #members = new Map<DatabaseProcess, Job | undefined>();
  #queue: Job[] = [];
  #falseStarts = 0;

  constructor(file: string, options: Required<DatabasePoolOptions>) {
    this.#file = file;
    this.#options = options;
  }

  add(job: Job): void {
    this.#queue.push(job);
    this.#assign();
  }

  /** The job still waits: another process may take it. */
  hurry(job: Job): void {
    if (!this.#queue.includes(job) || this.#members.size >= this.#options.perFile) return;
    this.#hire();
    this.#assign();
  }

  /** Forgets the job, and ends the process that runs it; says whether one did. */
  drop(job: Job): boolean {
    this.#queue = this.#queue.filter((waiting) => waiting !== job);
    let wasRunning = false;
    for (const [member, running] of this.#members) {
      if (running !== job) continue;
      wasRunning = true;
      this.#members.delete(member);
      member.kill();
      // What waited behind it need not wait for the others.
      if (this.#queue.length > 0) this.#hire();
    }
    this.#assign();
    return wasRunning;
  }

  async close(): Promise<void> {
    const members = [...this.#members.keys()];
    for (const job of this.#queue.splice(0)) job.settle(lost(job.what, 'the host is closed'));
    await Promise.all(members.map((member) => member.close()));
  }

  #hire(): void {
    let hasReplied = false;
    const member: DatabaseProcess = new DatabaseProcess(this.#options.program, this.#file, {
      onReply: (reply) => {
        hasReplied = true;
        this.#falseStarts = 0;
        const job = this.#members.get(member);
        if (this.#members.has(member)) this.#members.set(member, undefined);
        job?.settle(reply);
        this.#assign();
      },
      onGone: (why) => {
        if (!this.#members.has(member)) return;
        const job = this.#members.get(member);
        this.#members.delete(member);
        if (!hasReplied) this.#falseStarts += 1;
        job?.settle({ failure: isWrite(job.request) ? unknownOutcome(why.message) : why });
        if (this.#falseStarts >= mostFalseStarts) for (const waiting of this.#queue.splice(0)) waiting.settle({ failure: why });
        this.#assign();
      },
    });
    this.#members.set(member, undefined);
  }

  #assign(): void {
    if (this.#queue.length > 0 && this.#members.size === 0) this.#hire();
    for (const [member, running] of this.#members) {
      if (running || !member.canTake) continue;
      const job = this.#queue.shift();
      if (!job) member.rest(this.#options.idleMs);
      else {
        this.#members.set(member, job);
        member.take(job.request);
      }
    }
  }
}

function isWrite(request: DatabaseRequest): boolean {
  return request.task === 'query' && request.access === 'write';
}

/** What had begun when its process ended may have been committed. */
function unknownOutcome(why: string): DatabaseFailure {
  return { code: 'outcome-unknown', message: `its outcome is unknown: ${why.replace('. Try again', '')}. See whether it was done before trying again` };
}

function lost(what: string, why: string): FailureError {
  return new FailureError(failure('connection-unreachable', `${what} failed: ${why}. Try again.`, { retry: 'policy' }));
}
