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

/** The name itself where it is free, else with the first number that makes it so; `joint` stands before the number. */
export function freeName(base: string, isTaken: (name: string) => boolean, joint = '_'): string {
  if (!isTaken(base)) return base;
  let number = 2;
  while (isTaken(`${base}${joint}${number}`)) number += 1;
  return `${base}${joint}${number}`;
}
