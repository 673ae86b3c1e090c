/** The process that reads one description. Its imports are light: its start is waited for. */
import { serveJob } from '../../processes/serve-job.ts';
import { catalogueOf, DescriptionError } from './catalogue-of.ts';
import type { DescriptionReply } from './read-description.ts';

function read(bytes: Uint8Array): DescriptionReply {
  try {
    return { catalogue: catalogueOf(new TextDecoder().decode(bytes)) };
  } catch (error) {
    if (error instanceof DescriptionError) return { invalid: error.message };
    return { invalid: `cannot be read (${error instanceof Error ? error.message.slice(0, 200) : 'unknown'})` };
  }
}

serveJob(read, { mostBytes: 1_900_000_000 });
