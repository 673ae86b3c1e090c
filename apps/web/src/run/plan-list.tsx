/** What a control node means to do, as a checklist: each step with its state, whom it calls, what it waits for. */
import type { PlannedStepView, PlanView } from '@switchyard/shared';
import { durationText } from '../ui/figures.ts';
import { StatusMark } from '../ui/status-mark.tsx';
import { useNow } from './use-now.ts';

interface PlanListProps {
  plan: PlanView;
  title: (node: string) => string;
  isRunning: boolean;
}

/** Numbers are those of the steps drawn over the canvas. */
export function PlanList({ plan, title, isRunning }: PlanListProps) {
  const now = useNow(isRunning && plan.steps.some((step) => step.status === 'running'));
  const numbers = new Map(plan.steps.map((step, index) => [step.id, index + 1]));
  return (
    <section aria-label={`Plan of ${title(plan.node)}`}>
      <h2 className="mb-1 flex justify-between text-xs font-semibold text-dim">
        Plan {plan.revision > 0 && <span className="font-normal">revised {plan.revision === 1 ? 'once' : `${plan.revision} times`}</span>}
      </h2>
      <ol className="divide-y divide-line rounded-md border border-line">
        {plan.steps.map((step) => (
          <li key={step.id} className="flex items-start gap-2 px-2 py-1">
            <span className="w-4 shrink-0 text-right text-xs leading-5 text-faint tabular-nums">{numbers.get(step.id)}</span>
            <span className="flex h-5 items-center">
              <StatusMark status={stepStatus(step, isRunning)} />
            </span>
            <span className="min-w-0 flex-1">
              <span className="block text-sm break-words">{stepTitle(step, title)}</span>
              <StepNote step={step} title={title} numbers={numbers} />
              {step.why !== undefined && <span className="block text-xs break-words text-bad">{step.why}</span>}
            </span>
            {step.startedAt !== undefined && (
              <span className="text-xs leading-5 whitespace-nowrap text-dim tabular-nums">
                {durationText(Math.max(0, (step.endedAt ?? now) - step.startedAt))}
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What had not ended with the run was given up with it. */
export function stepStatus({ status }: PlannedStepView, isRunning: boolean): Exclude<PlannedStepView['status'], 'none'> | 'cancelled' {
  return !isRunning && (status === 'running' || status === 'queued') ? 'cancelled' : status;
}

/** As the model put it; where it gave no title, whom the step calls. */
export function stepTitle(step: PlannedStepView, title: (node: string) => string): string {
  return isUntitled(step) ? callText(step, title) : step.title;
}

function isUntitled({ title, node, operation }: PlannedStepView): boolean {
  return title === `${node}: ${operation}`;
}

function callText({ node, operation }: PlannedStepView, title: (node: string) => string): string {
  return node === undefined ? operation : `${title(node)}: ${operation}`;
}

interface StepNoteProps {
  step: PlannedStepView;
  title: (node: string) => string;
  numbers: ReadonlyMap<string, number>;
}

function StepNote({ step, title, numbers }: StepNoteProps) {
  const after = step.needs.flatMap((id) => numbers.get(id) ?? []).sort((one, other) => one - other);
  const note = [isUntitled(step) ? '' : callText(step, title), after.length > 0 ? `after ${after.join(', ')}` : ''].filter(Boolean).join(' · ');
  return note === '' ? null : <span className="block truncate text-xs text-faint">{note}</span>;
}
