/** The index of one corpus as the host sees it: the methods of PassageIndex, asked of its thread one after the other. */
import { Worker } from 'node:worker_threads';
import { FailureError, failure } from '@switchyard/shared';
import { endThread } from '../end-thread.ts';
import type { PassageIndex } from './passage-index.ts';

type Method = Exclude<keyof PassageIndex, symbol>;
export type IndexRequest = { number: number; method: Method; values: readonly unknown[] };
export type IndexReply = { number: number; result: unknown } | { number: number; error: string };

const program = new URL('./index-thread.ts', import.meta.url);

export class IndexHandle {
  readonly #what: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #count = 0;
  #gone: string | undefined;

  /** `what` is the subject of its messages: `The index of connection "handbook"`. */
  constructor(file: string, what: string) {
    this.#what = what;
    this.#worker = new Worker(program, {
      workerData: file,
      env: {},
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    this.#worker.unref();
    this.#worker.on('message', (reply: IndexReply) => this.#hear(reply));
    this.#worker.on('error', (error) => this.#end(error.message));
    this.#worker.on('exit', () => this.#end('its thread has ended'));
  }

  /** Whether it must be opened anew. */
  get isGone(): boolean {
    return this.#gone !== undefined;
  }

  ask<Name extends Method>(method: Name, ...values: Parameters<PassageIndex[Name]>): Promise<ReturnType<PassageIndex[Name]>> {
    return new Promise((resolve, reject) => {
      if (this.#gone !== undefined) {
        reject(this.#failure(this.#gone));
        return;
      }
      this.#count += 1;
      const number = this.#count;
      this.#waiting.set(number, { resolve: resolve as (result: unknown) => void, reject });
      // It may not keep the process alive, but what is asked of it may.
      this.#worker.ref();
      this.#worker.postMessage({ number, method, values } satisfies IndexRequest);
    });
  }

  async close(): Promise<void> {
    if (this.#gone === undefined) await this.ask('close').catch(() => undefined);
    await endThread(this.#worker);
  }

  #hear(reply: IndexReply): void {
    const waiting = this.#waiting.get(reply.number);
    this.#waiting.delete(reply.number);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('error' in reply) waiting?.reject(this.#failure(reply.error));
    else waiting?.resolve(reply.result);
  }

  #end(why: string): void {
    this.#gone ??= why;
    for (const { reject } of this.#waiting.values()) reject(this.#failure(why));
    this.#waiting.clear();
  }

  #failure(why: string): FailureError {
    return new FailureError(
      failure('index-failed', `${this.#what} cannot be used: ${why}. It can be made again: remove its file in the folder "corpora" of the data folder.`),
    );
  }
}
