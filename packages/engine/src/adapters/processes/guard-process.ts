/**
 * What every process holds to that works on what may never end: only killing it ends it for sure.
 *
 * 1. It ends when its parent does: by the channel's end while it is idle, by a watching thread while something holds the main one.
 * 2. That thread also ends it when it takes too much memory: what is kept outside the heap knows no limit of its own.
 * 3. Of the environment it sees nothing but where compiled code is kept (process-environment.ts); who starts it sees to that.
 */
import { Worker } from 'node:worker_threads';

/** What a process ends itself with when it takes too much memory: nothing else sends it, and no handler has to run for it. */
export const memorySignal = 'SIGUSR2';

/** Polls from a thread of its own, since the main one may be inside native code: an orphan would otherwise spin for ever. */
const watch = `
  const { workerData: { parent, mostBytes, memorySignal } } = require('node:worker_threads');
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const isOrphan = () => {
    if (process.ppid !== parent) return true;
    try { process.kill(parent, 0); return false; } catch (error) { return error.code === 'ESRCH'; }
  };
  for (;;) {
    Atomics.wait(cell, 0, 0, 100);
    if (isOrphan()) process.kill(process.pid, 'SIGKILL');
    if (process.memoryUsage.rss() <= mostBytes) continue;
    try { process.kill(process.pid, memorySignal); } catch { process.kill(process.pid, 'SIGKILL'); }
  }
`;

/** `mostBytes` of memory in all. */
export function guardProcess({ mostBytes }: { mostBytes: number }): void {
  // Ctrl+C reaches the whole process group; the parent decides when this one ends.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit());
  new Worker(watch, { eval: true, workerData: { parent: process.ppid, mostBytes, memorySignal }, env: {} }).unref();
}
