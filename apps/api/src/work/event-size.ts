/** How long events are, so that nobody holds or reads too much of them at once. */
import type { Json, RunEvent } from '@switchyard/shared';

/** Characters, about: what one watcher holds in memory or is read for it at once. One event may be longer. */
export const watchedLength = 1_000_000;

/** About the characters of the event as JSON, counted up to `watchedLength`. */
export function sizeOf(event: RunEvent): number {
  return lengthOf(event, watchedLength);
}

/** About the characters of a value as JSON, counted up to `most`. */
export function lengthOf(whole: unknown, most: number): number {
  let size = 0;
  const left: Json[] = [whole as Json];
  while (left.length > 0 && size < most) {
    const value = left.pop() as Json;
    if (typeof value === 'string') size += value.length + 2;
    else if (typeof value !== 'object' || value === null) size += 5;
    else if (Array.isArray(value)) {
      size += 2;
      for (const inner of value) {
        if (left.length >= most) return most;
        left.push(inner);
      }
    } else {
      for (const key in value) {
        size += key.length + 4;
        if (size >= most) break;
        left.push(value[key] as Json);
      }
    }
  }
  return Math.min(size, most);
}
