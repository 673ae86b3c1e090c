/** Text of a PDF, read in a thread of its own: a file can be made to keep its reader busy for good, and a thread can be ended. */
import { Worker } from 'node:worker_threads';
import { FailureError, failure } from '@switchyard/shared';
import type { Deadline } from '../deadline.ts';

/** A form feed stands between pages. */
export interface PdfText {
  text: string;
  pages: number;
  isCut: boolean;
}

export type PdfReply = PdfText | { error: string };

const program = new URL('./pdf-thread.ts', import.meta.url);

export async function readPdf(bytes: Buffer, what: string, deadline: Deadline): Promise<PdfText> {
  deadline.signal.throwIfAborted();
  const copy = new Uint8Array(bytes);
  const worker = new Worker(program, {
    workerData: copy,
    transferList: [copy.buffer],
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 },
  });
  let onAbort: () => void = () => undefined;
  try {
    const reply = await new Promise<PdfReply>((resolve) => {
      onAbort = () => resolve({ error: 'it took too long' });
      deadline.signal.addEventListener('abort', onAbort, { once: true });
      worker.once('message', resolve);
      worker.once('error', (error) => resolve({ error: error.message }));
      worker.once('exit', () => resolve({ error: 'its reader ended early' }));
    });
    if (!('error' in reply)) return reply;
    throw deadline.failure(`Reading ${what}`) ?? new FailureError(failure('object-unreadable', `${what} cannot be read as a PDF: ${reply.error}.`));
  } finally {
    deadline.signal.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
