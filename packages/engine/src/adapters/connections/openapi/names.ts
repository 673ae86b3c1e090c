/** Texts of a description as names that every model and language takes. */
import type { Json } from '@switchyard/shared';

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** The text as a name; with a number where it is taken. */
export function unusedName(text: string, isTaken: (name: string) => boolean): string {
  const plain =
    text
      .replaceAll(/[^a-zA-Z0-9_]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
      .slice(0, 50) || 'unnamed';
  const name = /^[0-9]/.test(plain) || ['__proto__', 'constructor', 'prototype'].includes(plain) ? `_${plain}` : plain;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}_${number}`;
    if (!isTaken(candidate)) return candidate;
  }
}
