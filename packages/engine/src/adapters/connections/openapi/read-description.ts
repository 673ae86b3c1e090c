/** An OpenAPI description becomes a catalogue, in a thread of its own: a large one takes seconds, and one can be made to take any time and memory. */
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { FailureError, failure, type ApiCatalogue } from '@switchyard/shared';
import type { Deadline } from '../../deadline.ts';
import { Turns } from './turns.ts';

/** `invalid` follows "The description of connection X". */
export type DescriptionReply = { catalogue: string } | { invalid: string };

const program = new URL('./description-thread.ts', import.meta.url);
/** A description of 16 MB takes about 500 MB as YAML. */
const mostMegabytes = 1_500;
/** One at a time in all: each may take that much. */
const turns = new Turns();

/** `bytes` cannot be used after it. Throws `description-invalid`. */
export async function readDescription(bytes: Uint8Array<ArrayBuffer>, connection: string, deadline: Deadline): Promise<ApiCatalogue> {
  const what = `Reading the description of connection "${connection}"`;
  const reply = await turns.take(deadline, what, () => inThread(bytes, deadline));
  if (reply === undefined) throw deadline.failure(what) ?? new FailureError(failure('cancelled', `${what} was cancelled before it had ended.`));
  if ('catalogue' in reply) {
    const catalogue = JSON.parse(reply.catalogue) as ApiCatalogue;
    // What follows takes its time with it too: others are let go first.
    await setImmediate();
    return catalogue;
  }
  throw new FailureError(
    failure('description-invalid', `The description of connection "${connection}" ${reply.invalid}. It must be OpenAPI 2.0, 3.0 or 3.1, as JSON or YAML.`),
  );
}

/** Undefined where the time was up first. */
async function inThread(bytes: Uint8Array<ArrayBuffer>, { signal }: Deadline): Promise<DescriptionReply | undefined> {
  const worker = new Worker(program, {
    workerData: bytes,
    transferList: [bytes.buffer],
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes, maxYoungGenerationSizeMb: 64 },
  });
  let onAbort: () => void = () => undefined;
  try {
    return await new Promise<DescriptionReply | undefined>((resolve) => {
      onAbort = () => resolve(undefined);
      signal.addEventListener('abort', onAbort, { once: true });
      worker.once('message', resolve);
      worker.once('error', (error) => resolve({ invalid: `cannot be read (${error.message.slice(0, 200)})` }));
      worker.once('exit', () => resolve({ invalid: 'cannot be read (its reader ended early)' }));
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
