/** A description as YAML, written out in full. */
import { toYaml } from '@scalar/openapi-parser';
import type { JsonObject } from '@switchyard/shared';

export function yamlOf(description: JsonObject): string {
  // What is the same object would become a reference, and a large description has more of them than a reader follows.
  return toYaml(JSON.parse(JSON.stringify(description)) as JsonObject);
}
