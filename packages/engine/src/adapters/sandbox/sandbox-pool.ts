/**
 * The sandbox's threads.
 *
 * 1. Threads start when first needed, and a spare while one works; each runs one job at a time, jobs start in the order they came.
 * 2. A job that has not replied a moment after its budget takes its thread with it: native loops hear nothing else.
 * 3. A thread that says it is tainted, or dies, is replaced; no job ever runs in it again.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { GuestJob, GuestReply } from './sandbox-protocol.ts';
import { SandboxThread } from './sandbox-thread-handle.ts';
import { wasm, type WasmModule } from './web-assembly.ts';

export interface SandboxPoolOptions {
  /** Threads at most. Default 2. */
  size?: number;
}

interface Task {
  job: GuestJob;
  settle(reply: GuestReply | Error | undefined): void;
}

export class SandboxPool {
  readonly #size: number;
  readonly #threads = new Map<SandboxThread, Task | undefined>();
  #queue: Task[] = [];
  #compiled: Promise<WasmModule> | undefined;
  #starting = 0;
  #isClosed = false;

  constructor({ size = 2 }: SandboxPoolOptions = {}) {
    this.#size = size;
  }

  /** Runs one job. Rejects only where the host is closed or no thread can start; undefined where `signal` ended the job. */
  run(job: GuestJob, signal: AbortSignal): Promise<GuestReply | undefined> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#drop(task);
        task.settle(undefined);
      };
      const task: Task = {
        job,
        settle(reply) {
          signal.removeEventListener('abort', abort);
          if (reply instanceof Error) reject(reply);
          else resolve(reply);
        },
      };
      if (this.#isClosed) return reject(new Error('the host is closed'));
      if (signal.aborted) return resolve(undefined);
      signal.addEventListener('abort', abort, { once: true });
      this.#queue.push(task);
      this.#assign();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const threads = [...this.#threads];
    this.#threads.clear();
    for (const task of [...this.#queue.splice(0), ...threads.map(([, task]) => task)]) task?.settle(new Error('the host is closed'));
    await Promise.all(threads.map(([thread]) => thread.end()));
  }

  #drop(task: Task): void {
    this.#queue = this.#queue.filter((waiting) => waiting !== task);
    for (const [thread, running] of this.#threads) {
      if (running !== task) continue;
      this.#threads.delete(thread);
      void thread.end();
    }
    this.#assign();
  }

  #assign(): void {
    for (const [thread, running] of this.#threads) {
      if (running || !thread.isReady) continue;
      const task = this.#queue.shift();
      if (!task) break;
      this.#threads.set(thread, task);
      thread.take(task.job);
    }
    this.#fill();
  }

  /** While a thread works, another is kept at hand: the one that works may not survive its job. */
  #fill(): void {
    const threads = [...this.#threads];
    const spare = threads.some(([, task]) => task) ? 1 : 0;
    const free = this.#starting + threads.filter(([, task]) => !task).length;
    const room = this.#size - threads.length - this.#starting;
    for (let count = Math.min(this.#queue.length + spare - free, room); count > 0; count -= 1) void this.#start();
  }

  async #start(): Promise<void> {
    this.#starting += 1;
    try {
      this.#compiled ??= compileInterpreter();
      const wasmModule = await this.#compiled;
      if (!this.#isClosed) this.#addThread(wasmModule);
    } catch (error) {
      this.#compiled = undefined;
      this.#failWaiting(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#starting -= 1;
    }
  }

  #addThread(wasmModule: WasmModule): void {
    const thread: SandboxThread = new SandboxThread(wasmModule, {
      onReady: () => this.#assign(),
      onReply: (reply) => {
        const task = this.#threads.get(thread);
        if ('failure' in reply && reply.isTainted) this.#threads.delete(thread);
        else this.#threads.set(thread, undefined);
        task?.settle(reply);
        this.#assign();
      },
      onGone: () => {
        const task = this.#threads.get(thread);
        this.#threads.delete(thread);
        // A thread that dies at work did so of its job; one that never was ready would not be the next time either.
        task?.settle({
          failure: { code: 'code-memory', message: 'it used up the memory or the stack of its thread; work on less at a time' },
          isTainted: true,
        });
        if (!thread.isReady) this.#failWaiting(new Error('its thread did not start'));
        this.#assign();
      },
    });
    this.#threads.set(thread, undefined);
  }

  #failWaiting(error: Error): void {
    for (const task of this.#queue.splice(0)) task.settle(error);
  }
}

/** Compiled once, shared by all threads. */
async function compileInterpreter(): Promise<WasmModule> {
  const path = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  return wasm.compile(await readFile(path));
}
