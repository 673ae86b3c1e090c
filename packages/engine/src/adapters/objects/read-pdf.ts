/** Text of a PDF, read in a process of its own: a file can be made to keep its reader busy for good, and to grow a thousandfold as it is unpacked. */
import { FailureError, failure } from '@switchyard/shared';
import type { Deadline } from '../deadline.ts';
import { inProcess } from '../processes/job-process.ts';
import { Turns } from '../processes/turns.ts';

/** A form feed stands between pages. */
export interface PdfText {
  text: string;
  pages: number;
  isCut: boolean;
}

export type PdfReply = PdfText | { error: string };

const program = { module: new URL('./pdf-process.ts', import.meta.url), heapMegabytes: 256 };
/** In all: each may take half a gigabyte. */
const turns = new Turns(2);

export async function readPdf(bytes: Buffer, what: string, deadline: Deadline): Promise<PdfText> {
  const outcome = await turns.take(deadline, `Reading ${what}`, () => inProcess<PdfReply>(program, bytes, deadline.signal));
  if (outcome === 'ended') throw deadline.failure(`Reading ${what}`) ?? unreadable(what, 'it took too long');
  if ('lost' in outcome) throw unreadable(what, outcome.lost);
  if ('error' in outcome.reply) throw unreadable(what, outcome.reply.error);
  return outcome.reply;
}

function unreadable(what: string, why: string): FailureError {
  return new FailureError(failure('object-unreadable', `${what} cannot be read as a PDF: ${why}.`));
}
