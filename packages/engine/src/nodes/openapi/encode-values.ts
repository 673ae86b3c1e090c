/** Values as the pairs of name and text that a query or a form is made of. */
import type { Json, ValueStyle } from '@switchyard/shared';

export type Pair = readonly [name: string, text: string];

const separators = { comma: ',', space: ' ', pipe: '|' } as const;

/** None for what is null, or a list or an object with nothing in it: there is no way to write it. */
export function pairsOf(name: string, value: Json, style: ValueStyle): Pair[] {
  if (value === null) return [];
  if (typeof value !== 'object') return [[name, textOf(value)]];
  switch (style) {
    case 'json':
      return [[name, JSON.stringify(value)]];
    case 'brackets':
      return bracketed(name, value);
    case 'repeat':
      return Array.isArray(value) ? present(value).map((item): Pair => [name, textOf(item)]) : filled(value).map(([key, each]): Pair => [key, textOf(each)]);
    default: {
      const parts = Array.isArray(value) ? present(value) : filled(value).flat();
      return parts.length === 0 ? [] : [[name, parts.map(textOf).join(separators[style])]];
    }
  }
}

/** A value on one line: as it is, or as JSON where it holds others. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** As PHP, Rails and most others read them: `a[b]` for a field, `a[]` for each plain value of a list, `a[0][b]` where a list holds objects. */
function bracketed(name: string, value: Json): Pair[] {
  if (value === null) return [];
  if (typeof value !== 'object') return [[name, textOf(value)]];
  if (!Array.isArray(value)) return filled(value).flatMap(([key, each]) => bracketed(`${name}[${key}]`, each));
  const items = present(value);
  const isPlain = items.every((item) => typeof item !== 'object');
  return items.flatMap((item, index) => bracketed(`${name}[${isPlain ? '' : index}]`, item));
}

function present(list: readonly Json[]): Json[] {
  return list.filter((item) => item !== null);
}

function filled(object: { [key: string]: Json }): [string, Json][] {
  return Object.entries(object).filter(([, each]) => each !== null);
}
