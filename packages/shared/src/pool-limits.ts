/** How much may be asked of one model or connection at a time. */
import { z } from 'zod';

export const poolLimitsSchema = z.strictObject({
  concurrency: z.int().min(1).max(1000).optional(),
  requestsPerMinute: z.int().min(1).optional(),
});
