/** What every process that holds a database does: it takes one request at a time, runs it to its end, and replies once. A query that runs away is ended by killing it. */
import { guardProcess } from '../processes/guard-process.ts';
import type { DatabaseReply, DatabaseRequest } from './database-protocol.ts';

/** Serves the parent from now on. `answer` never throws. */
export function serveDatabase(answer: (request: DatabaseRequest) => DatabaseReply | Promise<DatabaseReply>, limits: { mostBytes: number }): void {
  guardProcess(limits);
  process.on('message', (request: DatabaseRequest) => {
    void Promise.resolve(answer(request)).then((reply) => process.send?.(reply));
  });
}
