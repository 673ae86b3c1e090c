/**
 * What every process that holds a database does: a query that runs away here is ended by killing it, which nothing within a process can do.
 *
 * 1. It takes one request at a time, runs it to its end, and replies once.
 * 2. It ends when its parent does: by the channel's end while it is idle, by a watching thread while the database holds the main one.
 * 3. That thread also ends it when it takes too much memory: what databases say of their own limit is not enough.
 * 4. It starts with an empty environment.
 */
import { Worker } from 'node:worker_threads';
import { type DatabaseReply, type DatabaseRequest, memorySignal } from './database-protocol.ts';

/** Polls from a thread of its own, since the main one may be inside SQLite: an orphan would otherwise spin for ever. */
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

/** Serves the parent from now on. `answer` never throws. */
export function serveDatabase(answer: (request: DatabaseRequest) => DatabaseReply | Promise<DatabaseReply>, { mostBytes }: { mostBytes: number }): void {
  // Ctrl+C reaches the whole process group; the parent decides when this one ends.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit());
  process.on('message', (request: DatabaseRequest) => {
    void Promise.resolve(answer(request)).then((reply) => process.send?.(reply));
  });
  new Worker(watch, { eval: true, workerData: { parent: process.ppid, mostBytes, memorySignal }, env: {} }).unref();
}
