/** The tool of the frameworks, which bring no HTTP client of their own: the global `fetch`, as their guides have it. */
import type { Job } from './job.ts';

export async function readStock(job: Job, item: string): Promise<unknown> {
  const response = await fetch(`${job.shopUrl}/stock/${encodeURIComponent(item)}`);
  if (!response.ok) throw new Error(`The shop answered ${response.status}`);
  return await response.json();
}
