/** What the run on screen has used of the flow's budgets, live. */
import { defaultLimits, type FullLimits } from '@switchyard/shared';
import { useNow } from '../run/use-now.ts';
import { useIsRunning, useRunView } from '../run/use-run.ts';
import { costText, countText, durationText } from '../ui/figures.ts';
import { Meter } from '../ui/meter.tsx';
import { useEditor } from '../use-editor.ts';
import { toolCallsIn } from './tool-calls.ts';

/** Before a run nothing is used. Cost is shown where it is limited. */
export function BudgetMeters() {
  const own = useEditor((state) => state.shown.limits);
  const limits = { ...defaultLimits, ...own } as FullLimits;
  const { view } = useRunView();
  const now = useNow(useIsRunning(), 500);
  const { inputTokens, outputTokens, modelCalls, cost = 0 } = view.usage;
  const ms = view.startedAt === 0 ? 0 : Math.max(0, (view.endedAt ?? now) - view.startedAt);
  const counts = [
    { label: 'Tokens', used: inputTokens + outputTokens, most: limits.tokens },
    { label: 'Model calls', used: modelCalls, most: limits.modelCalls },
    { label: 'Calls of granted nodes', used: toolCallsIn(view), most: limits.toolCalls },
  ];
  return (
    <section aria-label="Budgets of the run" className="space-y-3">
      {counts.map(({ label, used, most }) => (
        <Meter key={label} label={label} value={used} most={most} text={`${countText(used)} of ${countText(most)}`} />
      ))}
      <Meter label="Time" value={ms / 1000} most={limits.seconds} text={`${durationText(ms)} of ${durationText(limits.seconds * 1000)}`} />
      {limits.cost !== undefined && <Meter label="Cost" value={cost} most={limits.cost} text={`${costText(cost)} of ${costText(limits.cost)}`} />}
    </section>
  );
}
