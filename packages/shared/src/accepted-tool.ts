/** A tool of a server that somebody else runs, as a person has read it. */
import { z } from 'zod';

/** A tool as somebody accepted it: another definition under its name is refused until it is accepted too. */
export const acceptedToolSchema = z.strictObject({
  description: z.string(),
  input: z.record(z.string(), z.json()),
  output: z.record(z.string(), z.json()).optional(),
  /** The server says that it changes nothing. */
  isReading: z.boolean(),
  isIdempotent: z.boolean(),
});

export type AcceptedTool = z.infer<typeof acceptedToolSchema>;
