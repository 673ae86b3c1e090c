/** What the run on screen has used of the flow's budgets. */
import { defaultLimits } from '@switchyard/shared';
import { useRunView } from '../run/use-run.ts';
import { countText } from '../ui/figures.ts';
import { Meter } from '../ui/meter.tsx';
import { useEditor } from '../use-editor.ts';

/** Before a run nothing is used. */
export function BudgetMeters() {
  const limits = useEditor((state) => (state.frozen ?? state.flow).limits);
  const { view } = useRunView();
  const tokens = { used: view.usage.inputTokens + view.usage.outputTokens, most: limits?.tokens ?? defaultLimits.tokens };
  const calls = { used: view.usage.modelCalls, most: limits?.modelCalls ?? defaultLimits.modelCalls };
  return (
    <section aria-label="Budgets of the run" className="space-y-3">
      <Meter label="Tokens" value={tokens.used} most={tokens.most} text={`${countText(tokens.used)} of ${countText(tokens.most)}`} />
      <Meter label="Model calls" value={calls.used} most={calls.most} text={`${countText(calls.used)} of ${countText(calls.most)}`} />
    </section>
  );
}
