/** A description as YAML, written out in full. */
import type { JsonObject } from '@switchyard/shared';
import { stringify } from 'yaml';

export function yamlOf(description: JsonObject): string {
  // What is the same object would become a reference, and a large description has more of them than a reader follows.
  return stringify(JSON.parse(JSON.stringify(description)) as JsonObject);
}
