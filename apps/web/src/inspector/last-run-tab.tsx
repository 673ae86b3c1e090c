/** Last run: what the node was given and gave in the run on screen, the calls it made or that were made to it, and what they cost. */
import type { CallView, TaskView, Usage } from '@switchyard/shared';
import { PlanList } from '../run/plan-list.tsx';
import { isTurnCall, rowOfCall } from '../run/call-key.ts';
import { callSummary } from '../run/call-summary.ts';
import { openRow } from '../run/trace-selection.ts';
import { useNow } from '../run/use-now.ts';
import { useCallsBy, useCallsTo, useIsRunning, usePlan, useRunState, useTask } from '../run/use-run.ts';
import { useWhole } from '../run/whole-values.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { costText, counted, countText, durationText } from '../ui/figures.ts';
import { LongValueNote } from '../ui/long-value-note.tsx';
import { MaskedText } from '../ui/masked-text.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { ValueView } from '../ui/value-view.tsx';
import { session } from '../use-editor.ts';
import { titleOf } from '../node-title.ts';
import { DataLayerSeen } from './data-layer-seen.tsx';

/** A node that is only called has no inputs of its own: its calls tell. */
export function LastRunTab({ id }: { id: string }) {
  const task = useTask(id);
  const made = useCallsBy(id);
  const received = useCallsTo(id).filter((call) => call.task !== task?.task);
  const first = [...made, ...received].find((call) => call.kind === 'model' && call.target.node === id && isTurnCall(call.key));
  const hasRun = useRunState((state) => state.view.status !== 'none');
  if (!task && received.length === 0) {
    return (
      <EmptyState icon="history" title={hasRun ? 'It did not take part in this run' : 'No run on screen'}>
        {hasRun
          ? 'Nothing reached it, and nobody called it.'
          : 'Run the flow, or open an earlier run, to see here what this node was given, what it gave, and what it cost.'}
      </EmptyState>
    );
  }
  return (
    <div className="space-y-4 p-4">
      {task && <TaskPart task={task} />}
      <PlanPart id={id} />
      {first && <DataLayerSeen call={{ ...first }} />}
      {made.length > 0 && <Calls title="Calls it made" calls={made} />}
      {received.length > 0 && <Calls title="Calls made to it" calls={received} />}
    </div>
  );
}

function PlanPart({ id }: { id: string }) {
  const plan = usePlan(id);
  const isRunning = useIsRunning();
  return plan ? <PlanList plan={plan} title={titleOf} isRunning={isRunning} /> : null;
}

function TaskPart({ task }: { task: TaskView }) {
  const now = useNow(task.endedAt === undefined && task.status === 'running');
  const { item, state, bytes, message, read } = useWhole(task);
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-dim tabular-nums">
        <StatusMark status={task.status} hasWord />
        <span>{durationText(Math.max(0, (task.endedAt ?? now) - task.startedAt))}</span>
        <UsageFigures usage={task.usage} />
      </div>
      {task.why && <p className="text-sm">{task.why}</p>}
      {task.failure && (
        <p role="note" className="rounded-md bg-bad-soft px-2 py-2 text-sm break-words">
          <MaskedText text={task.failure.message} />
        </p>
      )}
      {state !== 'whole' && <LongValueNote state={state} bytes={bytes} message={message} onRead={read} />}
      {state === 'whole' && item.outputs && <Values title="Outputs" values={item.outputs} />}
      {state === 'whole' && task.status !== 'skipped' && <Values title="Inputs" values={item.inputs} />}
    </>
  );
}

function UsageFigures({ usage }: { usage: Usage }) {
  const tokens = usage.inputTokens + usage.outputTokens;
  return (
    <>
      {usage.modelCalls > 0 && <span>{counted(usage.modelCalls, 'model call')}</span>}
      {tokens > 0 && <span title={`${countText(usage.inputTokens)} in, ${countText(usage.outputTokens)} out`}>{countText(tokens)} tokens</span>}
      {usage.cost !== undefined && usage.cost > 0 && <span>{costText(usage.cost)}</span>}
    </>
  );
}

function Values({ title, values }: { title: string; values: Record<string, unknown> }) {
  const entries = Object.entries(values);
  return (
    <section aria-label={title} className="space-y-2">
      <h2 className="text-xs font-semibold text-dim">{title}</h2>
      {entries.length === 0 && <p className="text-xs text-dim">None</p>}
      {entries.map(([name, value]) => (
        <div key={name}>
          <div className="flex h-7 items-center gap-1">
            <span className="font-mono text-xs">{name}</span>
            <CopyButton label={`Copy ${name}`} text={() => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))} />
          </div>
          <ValueView value={value} label={name} className="max-h-60" />
        </div>
      ))}
    </section>
  );
}

function Calls({ title, calls }: { title: string; calls: readonly CallView[] }) {
  return (
    <section aria-label={title}>
      <h2 className="mb-1 flex justify-between text-xs font-semibold text-dim">
        {title} <span className="font-normal">{calls.length}</span>
      </h2>
      <ul className="divide-y divide-line rounded-md border border-line">
        {calls.map((call) => (
          <li key={call.key}>
            <button
              type="button"
              onClick={() => showInTrace(call)}
              title="Show in the trace"
              className="flex w-full items-center gap-2 px-2 py-1 text-left hover:bg-panel2"
            >
              <StatusMark status={call.status} />
              <span className="min-w-0 flex-1">
                <span className="block truncate text-xs font-medium">
                  {isTurnCall(call.key) ? `turn ${call.target.turn ?? ''}` : [call.target.node, call.target.operation].filter(Boolean).join('.')}
                </span>
                <span className="block truncate font-mono text-xs text-faint">{call.failure?.message ?? callSummary(call)}</span>
              </span>
              <span className="text-right text-xs whitespace-nowrap text-dim tabular-nums">
                {call.endedAt !== undefined && durationText(call.endedAt - call.startedAt)}
                {call.usage && call.usage.inputTokens > 0 && (
                  <span className="block text-faint">{countText(call.usage.inputTokens + call.usage.outputTokens)} tokens</span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function showInTrace(call: CallView): void {
  openRow(rowOfCall(call.key));
  session.setState({ isDockOpen: true, dockTab: 'trace' });
}
