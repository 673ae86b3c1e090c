import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tetherPath, type Span } from './tether-path.ts';

type Point = readonly [number, number];
interface Card {
  x: number;
  y: number;
  width: number;
  height: number;
}

const spanOf = ({ x, width }: Card): Span => ({ left: x, right: x + width });

/** The tether from a place on the lower edge of one card to the middle of the upper edge of another, as points along its way. */
function pointsBetween(caller: Card, called: Card, square = 0.5): Point[] {
  const from: Point = [caller.x + caller.width * square, caller.y + caller.height];
  const to: Point = [called.x + called.width / 2, called.y];
  return pointsOf(tetherPath(from, to, { caller: spanOf(caller), called: spanOf(called) }));
}

function pointsOf(path: string): Point[] {
  const [start, ...curves] = path.split(/[MC]/).filter((part) => part !== '');
  let at = pairs(start as string)[0] as Point;
  const points: Point[] = [at];
  for (const curve of curves) {
    const [one, two, end] = pairs(curve) as [Point, Point, Point];
    for (let step = 1; step <= 60; step += 1) points.push(onCurve([at, one, two, end], step / 60));
    at = end;
  }
  return points;
}

const pairs = (text: string): Point[] =>
  text
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split(',').map(Number) as unknown as Point);

function onCurve([a, b, c, d]: [Point, Point, Point, Point], t: number): Point {
  const blend = (axis: 0 | 1) => (1 - t) ** 3 * a[axis] + 3 * (1 - t) ** 2 * t * b[axis] + 3 * (1 - t) * t ** 2 * c[axis] + t ** 3 * d[axis];
  return [blend(0), blend(1)];
}

const isWithin = ({ x, y, width, height }: Card, [px, py]: Point) => px > x + 1 && px < x + width - 1 && py > y + 1 && py < y + height - 1;

const card = (at: { x: fc.Arbitrary<number>; y: fc.Arbitrary<number> }) =>
  fc.record({ ...at, width: fc.constantFrom(200, 248), height: fc.integer({ min: 64, max: 300 }) });
/** Two cards that stand apart; side by side, with some room for a tether between them. */
const cards = fc
  .tuple(
    card({ x: fc.constant(0), y: fc.constant(0) }),
    card({ x: fc.integer({ min: -900, max: 900 }), y: fc.integer({ min: -900, max: 900 }) }),
    fc.constantFrom(0.1, 0.5, 0.9),
  )
  .filter(([one, other]) => beside(one, other) || beside(other, one) || one.y + one.height < other.y || other.y + other.height < one.y);
const beside = (one: Card, other: Card) => one.x + one.width + 16 <= other.x;

test('passes through neither of the two cards, wherever they stand', () => {
  fc.assert(
    fc.property(cards, ([caller, called, square]) => {
      for (const point of pointsBetween(caller, called, square)) {
        expect(isWithin(caller, point)).toBe(false);
        expect(isWithin(called, point)).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});

test('leaves downward and arrives from above, wherever the two stand', () => {
  fc.assert(
    fc.property(cards, ([caller, called, square]) => {
      const points = pointsBetween(caller, called, square);
      expect((points[1] as Point)[1]).toBeGreaterThan((points[0] as Point)[1]);
      expect((points.at(-2) as Point)[1]).toBeLessThan((points.at(-1) as Point)[1]);
    }),
    { numRuns: 500 },
  );
});

const boss: Card = { x: 0, y: 0, width: 248, height: 64 };

test('to a card below it goes straight there, without a way around', () => {
  const points = pointsBetween(boss, { x: 24, y: 200, width: 200, height: 64 });
  expect(Math.max(...points.map(([x]) => Math.abs(x - 124)))).toBeLessThan(1);
});

test('to a card above it goes around the nearer side, close by', () => {
  const above = { ...boss, y: -200 };
  const rightmost = Math.max(...pointsBetween(boss, above, 0.8).map(([x]) => x));
  expect(rightmost).toBeGreaterThan(248);
  expect(rightmost).toBeLessThan(248 + 60);
  expect(Math.min(...pointsBetween(boss, above, 0.2).map(([x]) => x))).toBeLessThan(0);
});

test('tethers around one side lie within one another', () => {
  const above = { ...boss, y: -200 };
  const reach = (square: number) => Math.max(...pointsBetween(boss, above, square).map(([x]) => x));
  expect(reach(0.9)).toBeLessThan(reach(0.7));
});

test('to a card at its side it passes between the two', () => {
  const points = pointsBetween(boss, { ...boss, x: 340 });
  expect(points.some(([x, y]) => x > 248 && x < 340 && y > 0 && y < 64)).toBe(true);
});
