/**
 * The processes that hold database files, as the host sees them.
 *
 * 1. A file gets its first process when first asked for, and another only while requests wait behind a slow one, up to three.
 * 2. A process runs one request at a time. Requests of a file start in the order they came.
 * 3. A request that runs out of time, or is cancelled, takes its process with it; the next request gets a new one.
 * 4. Processes end after a while without work, and with the host.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FailureError, failure } from '@switchyard/shared';
import type { Deadline } from '../../deadline.ts';
import type { DatabaseReply, DatabaseRequest } from './database-protocol.ts';

export interface DatabasePool {
  /** The JSON text of the result. Rejects with a FailureError whose message begins with `what`. */
  ask(file: string, request: DatabaseRequest, limits: { deadline: Deadline; what: string }): Promise<string>;
  close(): Promise<void>;
}

export interface DatabasePoolOptions {
  /** Processes per file. Default 3. */
  perFile?: number;
  /** A process without work ends after this long. Default 30 s. */
  idleMs?: number;
}

/** A request waits this long for a busy process before another is started. */
const patienceMs = 60;
const program = fileURLToPath(new URL('./database-process.ts', import.meta.url));

interface Job {
  request: DatabaseRequest;
  what: string;
  settle(reply: DatabaseReply | FailureError): void;
}

interface Member {
  child: ChildProcess;
  job?: Job | undefined;
  idle?: NodeJS.Timeout | undefined;
}

interface Crew {
  file: string;
  members: Set<Member>;
  queue: Job[];
}

export function createDatabasePool({ perFile = 3, idleMs = 30_000 }: DatabasePoolOptions = {}): DatabasePool {
  const crews = new Map<string, Crew>();
  let isClosed = false;

  function hire(crew: Crew): void {
    const child = fork(program, [crew.file], {
      env: {},
      execArgv: ['--max-old-space-size=128'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
    // An idle process must not keep its host alive; a waiting request has its own timer.
    child.unref();
    child.channel?.unref();
    const member: Member = { child };
    crew.members.add(member);
    const leave = (why: string) => {
      if (!crew.members.delete(member)) return;
      clearTimeout(member.idle);
      member.job?.settle(lost(member.job.what, why));
      if (crew.members.size === 0 && crew.queue.length === 0) crews.delete(crew.file);
      else assign(crew);
    };
    child.on('message', (reply: DatabaseReply) => {
      const { job } = member;
      member.job = undefined;
      job?.settle(reply);
      assign(crew);
    });
    child.on('error', (error) => leave(error.message));
    child.on('exit', (code, signal) => leave(`its process ended (${signal ?? code})`));
  }

  function assign(crew: Crew): void {
    for (const member of crew.members) {
      if (member.job || !member.child.connected) continue;
      clearTimeout(member.idle);
      const job = crew.queue.shift();
      if (job) {
        member.job = job;
        member.child.send(job.request);
      } else {
        member.idle = setTimeout(() => member.child.disconnect(), idleMs).unref();
      }
    }
    if (crew.queue.length > 0 && crew.members.size === 0) {
      hire(crew);
      assign(crew);
    }
  }

  function dismiss(crew: Crew, job: Job): void {
    crew.queue = crew.queue.filter((waiting) => waiting !== job);
    for (const member of crew.members) if (member.job === job) member.child.kill('SIGKILL');
  }

  return {
    ask(file, request, { deadline, what }) {
      const crew: Crew = crews.get(file) ?? { file, members: new Set(), queue: [] };
      crews.set(file, crew);
      return new Promise((resolve, reject) => {
        const patience = setTimeout(() => {
          if (!crew.queue.includes(job) || crew.members.size >= perFile) return;
          hire(crew);
          assign(crew);
        }, patienceMs);
        const job: Job = {
          request,
          what,
          settle(reply) {
            clearTimeout(patience);
            deadline.signal.removeEventListener('abort', give);
            if (reply instanceof FailureError) reject(reply);
            else if ('text' in reply) resolve(reply.text);
            else
              reject(
                new FailureError(
                  failure(reply.failure.code, `${what} failed: ${reply.failure.message}.`, { retry: reply.failure.mayRetry ? 'policy' : 'never' }),
                ),
              );
          },
        };
        const give = () => {
          job.settle(deadline.failure(what, 'never') ?? lost(what, 'the host is closed'));
          dismiss(crew, job);
        };
        deadline.signal.addEventListener('abort', give, { once: true });
        crew.queue.push(job);
        if (deadline.signal.aborted || isClosed) give();
        else assign(crew);
      });
    },
    async close() {
      isClosed = true;
      const members = [...crews.values()].flatMap((crew) => [...crew.members]);
      for (const crew of crews.values()) for (const job of crew.queue.splice(0)) job.settle(lost(job.what, 'the host is closed'));
      await Promise.all(
        members.map(
          ({ child }) =>
            new Promise<void>((resolve) => {
              if (child.exitCode !== null || child.signalCode !== null) return resolve();
              child.once('exit', () => resolve());
              child.ref();
              child.kill('SIGKILL');
            }),
        ),
      );
    },
  };
}

function lost(what: string, why: string): FailureError {
  return new FailureError(failure('connection-unreachable', `${what} failed: ${why}. Try again.`, { retry: 'policy' }));
}
