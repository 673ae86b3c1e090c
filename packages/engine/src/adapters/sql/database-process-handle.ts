/** One database process as the host sees it: takes a request at a time, and can be ended whatever it does. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { memorySignal } from '../processes/guard-process.ts';
import { processEnvironment } from '../processes/process-environment.ts';
import type { DatabaseFailure, DatabaseReply, DatabaseRequest } from './database-protocol.ts';

/** What runs in the process: a module that calls `serveDatabase`. */
export interface DatabaseProgram {
  module: URL;
  /** Arguments of Node. */
  execArgv: readonly string[];
}

export interface DatabaseProcessEvents {
  /** It has replied and is free. */
  onReply(reply: DatabaseReply): void;
  /** It is gone, once. */
  onGone(why: DatabaseFailure): void;
}

export class DatabaseProcess {
  readonly #child: ChildProcess;
  #idle: NodeJS.Timeout | undefined;
  #isGone = false;

  constructor(program: DatabaseProgram, file: string, events: DatabaseProcessEvents) {
    this.#child = fork(fileURLToPath(program.module), [file], {
      env: processEnvironment(),
      execArgv: [...program.execArgv],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
    // An idle process must not keep its host alive; a waiting request has its own timer.
    this.#child.unref();
    this.#child.channel?.unref();
    const gone = (why: DatabaseFailure) => {
      if (this.#isGone) return;
      this.#isGone = true;
      clearTimeout(this.#idle);
      events.onGone(why);
    };
    const lost = (why: string) => gone({ code: 'connection-unreachable', message: `${why}. Try again`, mayRetry: true });
    this.#child.on('message', (reply: DatabaseReply) => events.onReply(reply));
    this.#child.on('error', (error) => lost(error.message));
    this.#child.on('exit', (code, signal) => {
      if (signal === memorySignal) gone({ code: 'sql-too-large', message: 'it needs more memory than a query may use. Filter or aggregate more' });
      else lost(`its process ended (${signal ?? code})`);
    });
  }

  get canTake(): boolean {
    return this.#child.connected;
  }

  take(request: DatabaseRequest): void {
    clearTimeout(this.#idle);
    // A channel that has just closed is told by the process's end.
    this.#child.send(request, () => {});
  }

  /** Ends it after so long without a request. */
  rest(idleMs: number): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#child.disconnect(), idleMs).unref();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Kills it and waits for its end. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return resolve();
      this.#child.once('exit', () => resolve());
      this.#child.ref();
      this.kill();
    });
  }
}
