import { kinds } from '@switchyard/engine/nodes';
import { describe, expect, test } from 'vitest';

/** What fits beside the icon at the panel's first width. */
const longestTagline = 34;

describe('the palette', () => {
  test('says what each kind is in one line', () => {
    const tooLong = [...kinds.values()].filter(({ tagline }) => tagline.length > longestTagline).map(({ kind, tagline }) => `${kind}: ${tagline}`);
    expect(tooLong).toEqual([]);
  });
});
