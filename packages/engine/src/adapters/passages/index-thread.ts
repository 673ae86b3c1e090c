/** The thread that holds the index of one corpus, so that neither indexing nor searching keeps the server from its other work. */
import { parentPort, workerData } from 'node:worker_threads';
import { PassageIndex } from './passage-index.ts';
import type { IndexReply, IndexRequest } from './index-handle.ts';

const index = new PassageIndex(workerData as string);

parentPort?.on('message', ({ number, method, values }: IndexRequest) => {
  let reply: IndexReply;
  try {
    const perform = index[method] as (...args: unknown[]) => unknown;
    reply = { number, result: perform.apply(index, [...values]) };
  } catch (error) {
    reply = { number, error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
  if (method === 'close') process.exit();
});
