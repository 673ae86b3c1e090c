/** How long events are, so that nobody holds or reads too much of them at once. */
import { jsonLength, type RunEvent } from '@switchyard/shared';

/** Characters, about: what one watcher holds in memory or is read for it at once. One event may be longer. */
export const watchedLength = 1_000_000;

/** About the characters of the event as JSON, counted up to `watchedLength`. */
export function sizeOf(event: RunEvent): number {
  return jsonLength(event, watchedLength);
}
