/** The dock's Run tab: what the next run is given, the answer of the run on screen, and earlier runs. */
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Popover } from '../ui/popover.tsx';
import { PastRunHead } from './past-run-head.tsx';
import { PastRuns } from './past-runs.tsx';
import { RunAnswer } from './run-answer.tsx';
import { RunQuestions } from './questions/run-questions.tsx';
import { RunEvents } from './questions/run-events.tsx';
import { RunForm } from './run-form.tsx';
import { PlanList } from './plan-list.tsx';
import { titleInRun } from './body-level.ts';
import { useIsRunning, usePlans, useRunState } from './use-run.ts';

/** Form and answer side by side; earlier runs beside them where there is room, else behind a button. */
export function RunPanel() {
  const isRunning = useIsRunning();
  const isPast = useRunState((state) => state.mode === 'past');
  return (
    <div className="@container h-full">
      <div className="grid h-full min-h-0 grid-cols-[clamp(252px,40%,320px)_minmax(0,1fr)] @min-[1000px]:grid-cols-[320px_1fr_280px]">
        <div className="min-h-0 border-r border-line">
          <RunForm
            footer={
              <span className="@min-[1000px]:hidden">
                <EarlierRuns />
              </span>
            }
          />
        </div>
        <div className="min-h-0 min-w-0 overflow-auto p-3">
          {isPast && <PastRunHead />}
          <RunQuestions />
          <RunEvents />
          {isRunning && <RunPlans />}
          <RunAnswer />
          {!isRunning && <RunPlans />}
        </div>
        <div className="hidden min-w-0 overflow-auto border-l border-line p-2 @min-[1000px]:block">
          <h2 className="px-2 pb-1 text-xs font-semibold">Earlier runs</h2>
          <PastRuns />
        </div>
      </div>
    </div>
  );
}

/** What its control nodes mean to do, and how far they have come. */
function RunPlans() {
  const plans = usePlans();
  const isRunning = useIsRunning();
  return plans.map((plan) => (
    <div key={plan.key} className="my-3 max-w-160">
      <PlanList plan={plan} title={(node) => titleInRun(plan.task, node)} isRunning={isRunning} />
    </div>
  ));
}

function EarlierRuns() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      label="Earlier runs"
      align="end"
      side="top"
      className="max-h-96 w-80"
      isOpen={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button size="small" icon="history">
          Earlier runs
        </Button>
      }
    >
      <PastRuns onOpen={() => setOpen(false)} />
    </Popover>
  );
}
