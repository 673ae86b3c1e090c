/** The run's figures in one line: time, turns, calls, tokens, cost. */
import { costText, counted, countText, durationText } from '../ui/figures.ts';
import { useNow } from './use-now.ts';
import { runFigures, useIsRunning, useRunState, useRunView } from './use-run.ts';

/** Nothing before a run. Where there is no room for all, the first are seen: the others stand in a line below, out of sight. */
export function RunFigures() {
  const { view } = useRunView();
  const index = useRunState((state) => state.index);
  const isRunning = useIsRunning();
  const now = useNow(isRunning);
  const isConnected = useRunState((state) => state.isConnected);
  if (view.status === 'none') return null;
  const { ms, turns, calls, usage } = runFigures(view, index, now);
  const tokens = usage.inputTokens + usage.outputTokens;
  return (
    <dl
      aria-label="Figures of the run"
      className="flex h-5 min-w-0 flex-wrap items-center justify-end gap-x-4 overflow-hidden px-3 text-xs leading-5 text-dim tabular-nums"
    >
      {isRunning && !isConnected && (
        <div role="status" className="font-semibold whitespace-nowrap text-warn">
          Connection lost
        </div>
      )}
      <Figure name="Time" text={durationText(ms)} />
      {turns > 0 && <Figure name="Turns" text={counted(turns, 'turn')} />}
      <Figure name="Calls" text={counted(calls, 'call')} />
      {tokens > 0 && <Figure name="Tokens" text={`${countText(tokens)} tokens`} />}
      {usage.cost !== undefined && usage.cost > 0 && <Figure name="Cost" text={costText(usage.cost)} />}
    </dl>
  );
}

/** The number stands out; its unit does not. */
function Figure({ name, text }: { name: string; text: string }) {
  const [number = '', ...unit] = text.split(' ');
  return (
    <div>
      <dt className="sr-only">{name}</dt>
      <dd className="whitespace-nowrap">
        <b className="font-semibold text-text">{number}</b>
        {unit.length > 0 && ` ${unit.join(' ')}`}
      </dd>
    </div>
  );
}
