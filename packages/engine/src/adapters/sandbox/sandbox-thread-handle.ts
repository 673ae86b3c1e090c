/** One thread of the sandbox as the host sees it: takes a job at a time, watched, and ended when it is late. */
import { Worker } from 'node:worker_threads';
import { endThread } from '../end-thread.ts';
import type { GuestJob, GuestReply } from './sandbox-protocol.ts';
import type { WasmModule } from './web-assembly.ts';

/** A thread may be late by this much before it is ended. */
const graceMs = 250;
const program = new URL('./sandbox-thread.ts', import.meta.url);

export interface SandboxThreadEvents {
  onReady(): void;
  /** The thread can take another job, unless the reply says that it is tainted; then it has ended. */
  onReply(reply: GuestReply): void;
  /** It ended by itself, once. */
  onGone(): void;
}

export class SandboxThread {
  readonly #worker: Worker;
  readonly #events: SandboxThreadEvents;
  #watchdog: NodeJS.Timeout | undefined;
  #isEnded = false;
  isReady = false;

  constructor(wasmModule: WasmModule, events: SandboxThreadEvents) {
    this.#events = events;
    // Its output is kept from ours, and its environment is empty.
    this.#worker = new Worker(program, {
      workerData: { wasmModule },
      env: {},
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 8 },
    });
    this.#worker.unref();
    this.#worker.on('message', (message: GuestReply | 'ready') => this.#hear(message));
    const gone = () => {
      if (this.#isEnded) return;
      void this.end();
      events.onGone();
    };
    this.#worker.on('error', gone);
    this.#worker.on('exit', gone);
  }

  take(job: GuestJob): void {
    // Native loops of the guest hear nothing: past its time, only the end of the thread stops it.
    this.#watchdog = setTimeout(
      () => this.#hear({ failure: { code: 'code-timeout', message: 'it ran for longer than it may; it may never end' }, isTainted: true }),
      job.budgetMs + graceMs,
    );
    this.#worker.postMessage(job);
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    clearTimeout(this.#watchdog);
    await endThread(this.#worker);
  }

  #hear(message: GuestReply | 'ready'): void {
    if (this.#isEnded) return;
    if (message === 'ready') {
      this.isReady = true;
      this.#events.onReady();
      return;
    }
    clearTimeout(this.#watchdog);
    if ('failure' in message && message.isTainted) void this.end();
    this.#events.onReply(message);
  }
}
