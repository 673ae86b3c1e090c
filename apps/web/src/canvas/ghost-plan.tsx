/** What a control node means to do, faintly over the canvas: its steps at the nodes that they call, in their order, with lines to what builds on them. */
import { ViewportPortal } from '@xyflow/react';
import type { PlanView } from '@switchyard/shared';
import { useMemo } from 'react';
import { titleOf } from '../node-title.ts';
import { stepStatus, stepTitle } from '../run/plan-list.tsx';
import { useIsRunning } from '../run/use-run.ts';
import { cardSize } from '../editor/bands.ts';
import { StatusMark } from '../ui/status-mark.tsx';
import { useCanvas } from './canvas-store.ts';
import { ghostLines, ghostSteps, type Box } from './ghost-layout.ts';

/** Lies over the cards, and lets everything through to them. */
export default function GhostPlan({ plan }: { plan: PlanView }) {
  const nodes = useCanvas((state) => state.nodes);
  const isRunning = useIsRunning();
  const steps = useMemo(() => {
    const boxes = new Map(
      nodes.map(({ id, position, measured, data }): [string, Box] => {
        const size = cardSize(data.face);
        return [id, { ...position, width: measured?.width ?? size.width, height: measured?.height ?? size.height }];
      }),
    );
    return ghostSteps(plan.steps, plan.node, boxes);
  }, [nodes, plan]);
  return (
    <ViewportPortal>
      <div aria-hidden className="ghost">
        <svg className="ghost-lines">
          {ghostLines(steps).map(({ id, path, isDone }) => (
            <path key={id} className="ghost-line" d={path} data-done={isDone || undefined} />
          ))}
        </svg>
        {steps.map(({ step, number, x, y, width, height }) => (
          <div key={step.id} className="ghost-step" data-status={stepStatus(step, isRunning)} style={{ left: x, top: y, width, height }}>
            <b>{number}</b>
            <span className="truncate">{stepTitle(step, titleOf)}</span>
            <span className="ml-auto">
              <StatusMark status={stepStatus(step, isRunning)} size={12} />
            </span>
          </div>
        ))}
      </div>
    </ViewportPortal>
  );
}
