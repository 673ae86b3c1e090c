/** Names that are free, made of words. */
import { refusedKeys } from '@switchyard/shared';

/** The words of a wish as `[a-z][a-z0-9_]*`; `otherwise` where none is left. */
export function nameOfWords(wish: string, otherwise: string): string {
  const words = wish
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 56);
  return words === '' || refusedKeys.has(words) ? otherwise : words;
}

/** The name itself where it is free, else with the first number that makes it so. */
export function freeName(base: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(base)) return base;
  let number = 2;
  while (isTaken(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}
