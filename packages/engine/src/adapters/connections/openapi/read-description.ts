/** An OpenAPI description becomes a catalogue, in a process of its own: a large one takes seconds, and one can be made to take any time and memory. */
import { setImmediate } from 'node:timers/promises';
import { FailureError, failure, type ApiCatalogue } from '@switchyard/shared';
import type { Deadline } from '../../deadline.ts';
import { inProcess } from '../../processes/job-process.ts';
import { Turns } from '../../processes/turns.ts';

/** `invalid` follows "The description of connection X". */
export type DescriptionReply = { catalogue: string } | { invalid: string };

/** A description of 16 MB takes about 500 MB as YAML. */
const program = { module: new URL('./description-process.ts', import.meta.url), heapMegabytes: 1_500 };
/** One at a time in all: each may take that much. */
const turns = new Turns();

/** Throws `description-invalid`. */
export async function readDescription(bytes: Uint8Array, connection: string, deadline: Deadline): Promise<ApiCatalogue> {
  const what = `Reading the description of connection "${connection}"`;
  const outcome = await turns.take(deadline, what, () => inProcess<DescriptionReply>(program, bytes, deadline.signal));
  if (outcome === 'ended') throw deadline.failure(what) ?? new FailureError(failure('cancelled', `${what} was cancelled before it had ended.`));
  const reply: DescriptionReply = 'lost' in outcome ? { invalid: `cannot be read (${outcome.lost})` } : outcome.reply;
  if ('invalid' in reply)
    throw new FailureError(
      failure('description-invalid', `The description of connection "${connection}" ${reply.invalid}. It must be OpenAPI 2.0, 3.0 or 3.1, as JSON or YAML.`),
    );
  const catalogue = JSON.parse(reply.catalogue) as ApiCatalogue;
  // What follows takes its time with it too: others are let go first.
  await setImmediate();
  return catalogue;
}
