/** Where ports stand, and how high a card is for them. */
import { expect, test } from 'vitest';
import { cardSize, portTops } from './bands.ts';
import type { NodeFace } from './node-face.ts';

const named = (count: number, from = 'a') => Object.fromEntries(Array.from({ length: count }, (_, index) => [`${from}${index}`, {}]));
const face = (inputs: number, outputs: number, optional: string[] = []) =>
  ({ ports: { inputs: named(inputs), outputs: named(outputs), optional }, mayCall: false }) as unknown as NodeFace;

test('one needed port stands in the middle of the title, with the others below', () => {
  expect([portTops(1), portTops(2), portTops(3), portTops(2, 1)]).toEqual([[32], [24, 40], [16, 32, 48], [32, 48]]);
});

test('a card holds its ports: none hangs out of it', () => {
  for (let count = 0; count <= 12; count += 1) {
    for (const each of [face(count, 0), face(0, count), face(count, 1, Object.keys(named(Math.max(0, count - 1))))]) {
      const { inputs, outputs, optional = [] } = each.ports;
      const tops = [...portTops(Object.keys(inputs).length, Object.keys(inputs).length - optional.length), ...portTops(Object.keys(outputs).length)];
      expect(cardSize(each).height).toBeGreaterThanOrEqual(Math.max(0, ...tops) + 16);
    }
  }
  expect([cardSize(face(3, 1)).height, cardSize(face(1, 5)).height]).toEqual([64, 96]);
  expect(cardSize(face(1, 1), { inputs: 0, outputs: 4 }).height).toBe(96);
});
