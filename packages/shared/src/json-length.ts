/** How long a value is as JSON, without making it text. */
import type { Json } from './json.ts';

/** About the characters of a value as JSON, counted up to `most`. */
export function jsonLength(whole: unknown, most: number): number {
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
