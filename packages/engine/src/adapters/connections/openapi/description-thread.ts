/** The thread that reads one description and then ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { catalogueOf, DescriptionError } from './catalogue-of.ts';
import type { DescriptionReply } from './read-description.ts';

function read(): DescriptionReply {
  try {
    return { catalogue: catalogueOf(new TextDecoder().decode(workerData as Uint8Array)) };
  } catch (error) {
    if (error instanceof DescriptionError) return { invalid: error.message };
    return { invalid: `cannot be read (${error instanceof Error ? error.message.slice(0, 200) : 'unknown'})` };
  }
}

parentPort?.postMessage(read());
