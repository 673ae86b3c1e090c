/** Walking from card to card with the arrow keys. */
import type { Positions } from './bands.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

const steps: Readonly<Record<Direction, readonly [number, number]>> = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

/** The card that lies nearest in a direction: what is straight ahead is preferred to what is nearer but aside. Without a start, the first card from the top left. */
export function nodeTowards(positions: Positions, from: string | undefined, direction: Direction): string | undefined {
  const start = from === undefined ? undefined : positions[from];
  if (!start) return Object.entries(positions).sort(([, one], [, other]) => one[0] + one[1] - other[0] - other[1])[0]?.[0];
  const [stepX, stepY] = steps[direction];
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [id, [x, y]] of Object.entries(positions)) {
    if (id === from) continue;
    const ahead = (x - start[0]) * stepX + (y - start[1]) * stepY;
    const aside = Math.abs((x - start[0]) * stepY) + Math.abs((y - start[1]) * stepX);
    if (ahead <= 0 || ahead < aside / 4) continue;
    const cost = ahead + aside * 2;
    if (cost < least) {
      least = cost;
      best = id;
    }
  }
  return best;
}
