/** Where the steps of a plan stand over the canvas: each below the node that it calls, those that call none beside the node that planned. Pure. */
import type { PlannedStepView } from '@switchyard/shared';

/** In flow units. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface GhostStep extends Box {
  step: PlannedStepView;
  /** From 1, as in the checklist. */
  number: number;
}

export interface GhostLine {
  id: string;
  path: string;
  isDone: boolean;
}

const height = 24;
const gap = 4;

/** Steps whose node is not on the canvas stand beside the planner, as do those that work on what is there. */
export function ghostSteps(steps: readonly PlannedStepView[], planner: string, boxes: ReadonlyMap<string, Box>): GhostStep[] {
  const stacked = new Map<string, number>();
  return steps.flatMap((step, index) => {
    const isCall = step.node !== undefined && step.node !== planner && boxes.has(step.node);
    const place = isCall ? (step.node as string) : planner;
    const box = boxes.get(place);
    if (!box) return [];
    const before = stacked.get(place) ?? 0;
    stacked.set(place, before + 1);
    const offset = before * (height + gap);
    const at = isCall ? { x: box.x, y: box.y + box.height + 8 + offset, width: box.width } : { x: box.x + box.width + 12, y: box.y + 56 + offset, width: 184 };
    return [{ ...at, height, step, number: index + 1 }];
  });
}

/** A line from each step to those that work on its result. */
export function ghostLines(steps: readonly GhostStep[]): GhostLine[] {
  const byId = new Map(steps.map((each) => [each.step.id, each]));
  return steps.flatMap((to) =>
    to.step.needs.flatMap((id) => {
      const from = byId.get(id);
      return from ? [{ id: `${id}>${to.step.id}`, path: linePath(from, to), isDone: from.step.status === 'done' }] : [];
    }),
  );
}

/** Leaves and arrives at the sides that face one another; within one column, around its left. */
function linePath(from: Box, to: Box): string {
  const [fromY, toY] = [from.y + from.height / 2, to.y + to.height / 2];
  if (Math.abs(from.x - to.x) < 24) return `M${from.x},${fromY} C${from.x - 36},${fromY} ${to.x - 36},${toY} ${to.x},${toY}`;
  const isRightward = to.x > from.x;
  const [fromX, toX] = isRightward ? [from.x + from.width, to.x] : [from.x, to.x + to.width];
  const bend = (isRightward ? 1 : -1) * Math.max(32, Math.abs(toX - fromX) / 2);
  return `M${fromX},${fromY} C${fromX + bend},${fromY} ${toX - bend},${toY} ${toX},${toY}`;
}
