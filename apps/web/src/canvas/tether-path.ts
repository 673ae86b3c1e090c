/** The way of a tether: it hangs from the lower edge of the caller and lands on the upper edge of the called card, wherever the two stand. Pure. */

type Point = readonly [number, number];

/** From where to where a card reaches, from left to right. */
export interface Span {
  left: number;
  right: number;
}

/** How far a tether stays off a card that it passes. */
const clearance = 16;

/** A curve that leaves downward and arrives from above. Where the called card stands higher than where it leaves, it goes around the two cards, or between them. */
export function tetherPath(from: Point, to: Point, cards: { caller: Span; called: Span }): string {
  return to[1] < from[1] ? wayUp(from, to, cards) : wayDown(from, to, cards);
}

function wayDown([fromX, fromY]: Point, [toX, toY]: Point, { caller, called }: { caller: Span; called: Span }): string {
  const drop = toY - fromY;
  const apart = Math.max(0, called.left - caller.right, caller.left - called.right);
  // Close below one another, a wider bend would reach into the cards.
  const bend = Math.min(drop + apart, Math.max(48, drop * 0.56));
  return `M${fromX},${fromY} C${fromX},${fromY + bend} ${toX},${toY - bend} ${toX},${toY}`;
}

/** A hook out of the caller to a lane beside it, up to a lane beside the called card, and a hook into that. */
function wayUp([fromX, fromY]: Point, [toX, toY]: Point, cards: { caller: Span; called: Span }): string {
  const [out, into] = lanes(fromX, toX, cards);
  const middle = (fromY + toY) / 2;
  const [leaving, arriving] = [hook(out - fromX), hook(into - toX)];
  return [
    `M${fromX},${fromY}`,
    `C${fromX},${fromY + leaving} ${out},${fromY + leaving} ${out},${fromY}`,
    `C${out},${middle} ${into},${middle} ${into},${toY}`,
    `C${into},${toY - arriving} ${toX},${toY - arriving} ${toX},${toY}`,
  ].join(' ');
}

/** Where it goes up beside the caller, and beside the called card. */
function lanes(fromX: number, toX: number, { caller, called }: { caller: Span; called: Span }): [number, number] {
  const right = passage(fromX, caller, called);
  if (right) return right;
  const left = passage(-fromX, mirrored(caller), mirrored(called));
  if (left) return [-left[0], -left[1]];
  // One stands above the other: around both of them, on the side that is nearer.
  const outerRight = Math.max(caller.right, called.right) + offOf(caller.right - fromX);
  const outerLeft = Math.min(caller.left, called.left) - offOf(fromX - caller.left);
  const detour = (lane: number) => Math.abs(lane - fromX) + Math.abs(lane - toX);
  const lane = detour(outerRight) <= detour(outerLeft) ? outerRight : outerLeft;
  return [lane, lane];
}

/** The lanes between the two where the called card stands to the right of the caller, with room between them. */
function passage(fromX: number, caller: Span, called: Span): [number, number] | undefined {
  const room = called.left - caller.right;
  if (room < clearance) return undefined;
  const off = offOf(caller.right - fromX);
  return room < off + clearance ? [caller.right + room / 2, caller.right + room / 2] : [caller.right + off, called.left - clearance];
}

/** The farther the tether leaves from the side, the farther outside it passes: so that several lie within one another. */
function offOf(inside: number): number {
  return clearance + Math.max(0, inside) * 0.12;
}

function mirrored({ left, right }: Span): Span {
  return { left: -right, right: -left };
}

/** How far a hook of this width is pulled out. */
function hook(width: number): number {
  return Math.min(64, Math.max(24, Math.abs(width) * 0.45));
}
