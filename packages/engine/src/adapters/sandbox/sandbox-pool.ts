/**
 * The sandbox's threads, as the host sees them.
 *
 * 1. Threads start when first needed; each runs one job at a time, jobs start in the order they came.
 * 2. A job that has not replied a moment after its budget takes its thread with it: native loops hear nothing else.
 * 3. A thread that says it is tainted, or dies, is replaced; no job ever runs in it again.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { GuestJob, GuestReply } from './sandbox-protocol.ts';
import { wasm, type WasmModule } from './web-assembly.ts';

export interface SandboxPool {
  /** Runs one job. Never rejects but when the host is closed or no thread can start; `signal` ends the job at once with `undefined`. */
  run(job: GuestJob, signal: AbortSignal): Promise<GuestReply | undefined>;
  close(): Promise<void>;
}

export interface SandboxPoolOptions {
  /** Threads at most. Default 2. */
  size?: number;
}

/** A thread may be late by this much before it is ended. */
const graceMs = 250;
const threadProgram = new URL('./sandbox-thread.ts', import.meta.url);

interface Task {
  job: GuestJob;
  settle(reply: GuestReply | Error | undefined): void;
}

interface Thread {
  worker: Worker;
  isReady: boolean;
  task?: Task | undefined;
  watchdog?: NodeJS.Timeout | undefined;
}

export function createSandboxPool({ size = 2 }: SandboxPoolOptions = {}): SandboxPool {
  const threads = new Set<Thread>();
  let queue: Task[] = [];
  let compiled: Promise<WasmModule> | undefined;
  let starting = 0;
  let isClosed = false;

  async function start(): Promise<void> {
    starting += 1;
    try {
      compiled ??= compileInterpreter();
      const wasmModule = await compiled;
      if (!isClosed) addThread(wasmModule);
    } catch (error) {
      for (const task of queue.splice(0)) task.settle(error instanceof Error ? error : new Error(String(error)));
    } finally {
      starting -= 1;
    }
  }

  function addThread(wasmModule: WasmModule): void {
    // Its output is kept from ours, and its environment is empty.
    const worker = new Worker(threadProgram, {
      workerData: { wasmModule },
      env: {},
      execArgv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 8 },
    });
    const thread: Thread = { worker, isReady: false };
    threads.add(thread);
    worker.on('message', (message: GuestReply | 'ready') => {
      if (message === 'ready') thread.isReady = true;
      else finish(thread, message);
      assign();
    });
    worker.on('error', () => leave(thread));
    worker.on('exit', () => leave(thread));
    worker.unref();
  }

  function finish(thread: Thread, reply: GuestReply): void {
    clearTimeout(thread.watchdog);
    const { task } = thread;
    thread.task = undefined;
    if ('failure' in reply && reply.isTainted) end(thread);
    task?.settle(reply);
  }

  function end(thread: Thread): void {
    clearTimeout(thread.watchdog);
    threads.delete(thread);
    void thread.worker.terminate();
  }

  /** A thread that died did so of its job: it ran out of the memory or stack of the thread itself. */
  function leave(thread: Thread): void {
    clearTimeout(thread.watchdog);
    if (!threads.delete(thread)) return;
    const { task } = thread;
    if (task)
      task.settle({ failure: { code: 'code-memory', message: 'it used up the memory or the stack of its thread; work on less at a time' }, isTainted: true });
    else if (!thread.isReady) for (const waiting of queue.splice(0)) waiting.settle(new Error('A thread of the sandbox did not start'));
    assign();
  }

  function assign(): void {
    for (const thread of threads) {
      if (!thread.isReady || thread.task) continue;
      const task = queue.shift();
      if (!task) return;
      thread.task = task;
      thread.watchdog = setTimeout(() => {
        finish(thread, { failure: { code: 'code-timeout', message: 'it ran for longer than it may; it may never end' }, isTainted: true });
        assign();
      }, task.job.budgetMs + graceMs);
      thread.worker.postMessage(task.job);
    }
    const coming = starting + [...threads].filter((thread) => !thread.isReady).length;
    const room = size - threads.size - starting;
    for (let count = Math.min(queue.length - coming, room); count > 0; count -= 1) void start();
  }

  return {
    run: (job, signal) =>
      new Promise((resolve, reject) => {
        const abort = () => {
          queue = queue.filter((waiting) => waiting !== task);
          const thread = [...threads].find((each) => each.task === task);
          if (thread) end(thread);
          task.settle(undefined);
          assign();
        };
        const task: Task = {
          job,
          settle(reply) {
            signal.removeEventListener('abort', abort);
            if (reply instanceof Error) reject(reply);
            else resolve(reply);
          },
        };
        if (signal.aborted) return resolve(undefined);
        if (isClosed) return reject(new Error('The host is closed'));
        signal.addEventListener('abort', abort, { once: true });
        queue.push(task);
        assign();
      }),
    async close() {
      isClosed = true;
      for (const task of queue.splice(0)) task.settle(new Error('The host is closed'));
      const ended = [...threads];
      threads.clear();
      for (const thread of ended) {
        clearTimeout(thread.watchdog);
        thread.task?.settle(new Error('The host is closed'));
      }
      await Promise.all(ended.map((thread) => thread.worker.terminate()));
    },
  };
}

/** Compiled once, shared by all threads. */
async function compileInterpreter(): Promise<WasmModule> {
  const path = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  return wasm.compile(await readFile(path));
}
