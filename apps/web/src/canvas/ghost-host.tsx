/** Shows plans over the canvas: all that are carried out now; afterwards that of the selected node. Loaded when the first is there. */
import { Suspense } from 'react';
import { useIsRunning, useOpenPlans } from '../run/use-run.ts';
import { lazyPart } from '../ui/lazy-part.ts';
import { useEditor } from '../use-editor.ts';

const GhostPlan = lazyPart(async () => (await import('./ghost-plan.tsx')).default);

/** Nothing while there is no plan. */
export function GhostHost() {
  const plans = useOpenPlans();
  const isRunning = useIsRunning();
  const selected = useEditor((state) => (state.selection.nodes.length === 1 ? state.selection.nodes[0] : undefined));
  const shown = plans.filter((plan) => isRunning || plan.node === selected);
  if (shown.length === 0) return null;
  return (
    <Suspense>
      {shown.map((plan) => (
        <GhostPlan key={plan.key} plan={plan} />
      ))}
    </Suspense>
  );
}
