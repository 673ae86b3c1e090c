/**
 * The process that holds one database file: a query that runs away here is ended by killing it, which nothing within a process can do.
 *
 * 1. It takes one request at a time, runs it to its end, and replies once.
 * 2. It ends when its parent does: by the channel's end while it is idle, by a watching thread while SQLite holds the main one.
 * 3. That thread also ends it when it takes too much memory: SQLite's own heap limit counts nothing in this build.
 * 4. It starts with an empty environment and light imports: its start is waited for.
 */
import { Worker } from 'node:worker_threads';
import { DatabaseError, type DatabaseReply, type DatabaseRequest, memorySignal } from './database-protocol.ts';
import { databaseOpener } from './open-database.ts';
import { explainError } from './explain-error.ts';
import { readCatalogue } from './read-catalogue.ts';
import { runQuery } from './run-query.ts';
import { runWrite } from './run-write.ts';

const openDatabase = databaseOpener(process.argv[2] as string);

function answer(request: DatabaseRequest): DatabaseReply {
  try {
    const database = open();
    if (request.task === 'query') return { text: request.access === 'write' ? runWrite(database, request) : runQuery(database, request) };
    return { text: JSON.stringify(readCatalogue(database.plain)) };
  } catch (error) {
    const known = error instanceof DatabaseError ? error : new DatabaseError('connection-unreachable', error instanceof Error ? error.message : String(error));
    return { failure: known.failure };
  }
}

function open() {
  try {
    return openDatabase();
  } catch (error) {
    throw explainError(error, undefined);
  }
}

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

// Ctrl+C reaches the whole process group; the parent decides when this one ends.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (request: DatabaseRequest) => {
  process.send?.(answer(request));
});
new Worker(watch, { eval: true, workerData: { parent: process.ppid, mostBytes: 384_000_000, memorySignal }, env: {} }).unref();
