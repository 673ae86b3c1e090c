/** What a process does that takes one job: it is sent bytes, replies once and ends. */
import { guardProcess } from './guard-process.ts';

/** `work` never throws. */
export function serveJob<Reply extends object>(work: (bytes: Uint8Array) => Reply | Promise<Reply>, limits: { mostBytes: number }): void {
  guardProcess(limits);
  process.once('message', (bytes: Uint8Array) => {
    void Promise.resolve(work(bytes)).then((reply) => process.send?.(reply, () => process.disconnect()));
  });
}
