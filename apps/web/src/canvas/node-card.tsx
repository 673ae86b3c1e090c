/** The one card for every kind: icon, title, what it is set to, its state, its ports; while it runs, what happens in it. */
import { useUpdateNodeInternals, type NodeProps } from '@xyflow/react';
import { memo, useEffect, useMemo, useRef } from 'react';
import { cardSize } from '../editor/bands.ts';
import { useStaleReason } from '../run/use-stale.ts';
import { useBodyFailures, useCallsBy, useCallsTo, useIsUnfolding, usePlan, useQuestion, useTask } from '../run/use-run.ts';
import { titleOf } from '../node-title.ts';
import type { CardData, CardNode } from './build-elements.ts';
import { useCanvas } from './canvas-store.ts';
import { CardHeader } from './card-header.tsx';
import { cardRun, type CardRun } from './card-run.ts';
import { CardBody } from './card-body.tsx';
import { Ports } from './ports.tsx';

/** Drawn again only when the node, its selection, its run or its problems change. */
export const NodeCard = memo(function NodeCard({ id, data, selected, dragging }: NodeProps<CardNode>) {
  const run = useCardRun(id, data.face.mayCall);
  const lit = useCanvas((state) => state.wiring?.lit.get(id));
  const isSource = useCanvas((state) => state.wiring?.from.node === id);
  useFreshHandles(id, data);
  const { face, lostInputs, lostOutputs } = data;
  const { height } = cardSize(face, { inputs: lostInputs.length, outputs: lostOutputs.length });
  return (
    <div
      className={`card card-${face.kind?.layer ?? 'unknown'} ${face.mayCall ? 'w-62' : 'w-50'}`}
      style={{ minHeight: height }}
      data-selected={selected || undefined}
      data-holds={face.runs !== undefined || undefined}
      data-dragging={dragging || undefined}
      data-live={run?.status === 'running' || undefined}
      data-failed={run?.status === 'failed' || undefined}
      data-waiting={run?.status === 'waiting' || undefined}
      data-lit={lit !== undefined || undefined}
      data-source={isSource || undefined}
    >
      <CardHeader id={id} data={data} run={run} />
      {run && (run.line !== undefined || run.checklist || run.question) && <CardBody run={run} />}
      <Ports data={data} lit={lit} />
    </div>
  );
});

function useCardRun(id: string, mayCall: boolean): CardRun | undefined {
  const task = useTask(id);
  const callsBy = useCallsBy(id);
  const callsTo = useCallsTo(id);
  const isRunning = useIsUnfolding();
  const failures = useBodyFailures(id);
  const question = useQuestion(id);
  const stale = useStaleReason(id);
  const plan = usePlan(id);
  // Titles are read once per event: a rename during a run shows with the next one.
  return useMemo(
    () => cardRun({ id, mayCall, task, callsBy, callsTo, isRunning, failures, question, stale, plan, title: titleOf }),
    [id, mayCall, task, callsBy, callsTo, isRunning, failures, question, stale, plan],
  );
}

/** React Flow measures handles when a card changes its size; when they come, go or move within it, it must be told. */
function useFreshHandles(id: string, { face, granted, lostInputs, lostOutputs, isCalled }: CardData): void {
  const update = useUpdateNodeInternals();
  const signature = [Object.keys(face.ports.inputs), Object.keys(face.ports.outputs), granted, lostInputs, lostOutputs, isCalled].join(';');
  const told = useRef(signature);
  useEffect(() => {
    if (told.current === signature) return;
    told.current = signature;
    update(id);
  }, [id, signature, update]);
}
