/** Paths into JSON, such as `rows[0].id`, and `rows[*].id` for that of every row: how a model points at a part of a result. */
import { isJsonObject, type Json } from '@switchyard/shared';

type Segment = string | number | '*';

/** The segments of a path, the empty path being the whole; undefined where it cannot be read. `*` stands for every element. */
export function parsePath(path: string): { key: Segment; isEach: boolean }[] | undefined {
  const segments: { key: Segment; isEach: boolean }[] = [];
  const pattern = /\.?([^.[\]]+)|\[(\d+|\*)\]/y;
  while (pattern.lastIndex < path.length) {
    const match = pattern.exec(path);
    if (!match) return undefined;
    if (match[1] !== undefined) segments.push({ key: match[1], isEach: false });
    else segments.push(match[2] === '*' ? { key: '*', isEach: true } : { key: Number(match[2]), isEach: false });
  }
  return segments;
}

/** What stands at the path; undefined where nothing does. Own properties only. */
export function valueAt(value: Json, path: string): Json | undefined {
  const segments = parsePath(path);
  if (!segments) return undefined;
  let found: Json[] = [value];
  let isMany = false;
  for (const { key, isEach } of segments) {
    isMany ||= isEach;
    found = found.flatMap((at) => stepInto(at, key, isEach));
  }
  return isMany ? found : found[0];
}

function stepInto(at: Json, key: Segment, isEach: boolean): Json[] {
  if (isEach) return Array.isArray(at) ? at : [];
  if (Array.isArray(at)) return typeof key === 'number' && key < at.length ? [at[key] as Json] : [];
  return isJsonObject(at) && Object.hasOwn(at, String(key)) ? [at[String(key)] as Json] : [];
}
