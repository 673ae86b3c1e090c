/** Open questions of all runs, in the top bar: only there while there are any. Choosing one opens its run. */
import type { OpenWait } from '@switchyard/shared';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { messageOf } from '../api/api-error.ts';
import { openFlow } from '../browser-flows.ts';
import { questionLine } from '../run/questions/question-text.ts';
import { useAllQuestions } from '../run/questions/use-questions.ts';
import { runStore } from '../run/run-store.ts';
import { useNow } from '../run/use-now.ts';
import { Button } from '../ui/button.tsx';
import { counted } from '../ui/figures.ts';
import { sayFailed } from '../ui/messages.ts';
import { Popover } from '../ui/popover.tsx';
import { editor, session } from '../use-editor.ts';

/** Nothing while nobody is asked. */
export function Inbox() {
  const questions = useAllQuestions();
  const [isOpen, setOpen] = useState(false);
  if (questions.length === 0) return null;
  return (
    <Popover
      label="Open questions"
      align="end"
      className="max-h-96 w-88"
      isOpen={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button icon="hand" className="border-warn! text-warn!" aria-label={`${counted(questions.length, 'open question')}`}>
          {questions.length}
        </Button>
      }
    >
      <Questions
        questions={questions}
        onOpen={(question) => {
          setOpen(false);
          openRunOf(question).catch((error: unknown) => sayFailed('The run could not be opened.', messageOf(error)));
        }}
      />
    </Popover>
  );
}

function Questions({ questions, onOpen }: { questions: readonly OpenWait[]; onOpen: (question: OpenWait) => void }) {
  const now = useNow(true, 1000);
  return (
    <ul aria-label="Open questions" className="space-y-px">
      {questions.map((question) => (
        <li key={`${question.run} ${question.key}`}>
          <button type="button" onClick={() => onOpen(question)} className="block w-full rounded px-2 py-1 text-left hover:bg-panel2">
            <span className="block truncate text-sm font-medium">{question.ask.title}</span>
            <span className="block text-xs text-faint tabular-nums">{`${question.flowName} · ${questionLine(question, now)}`}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The run's own flow is opened first, so that what is decided on stands in its place. */
async function openRunOf({ run }: OpenWait): Promise<void> {
  if (runStore.getState().view.run !== run) {
    const { flowId } = await api.runs.get.query({ run });
    const isStored = flowId !== undefined && (await api.flows.list.query()).some((flow) => flow.id === flowId);
    if (isStored && flowId !== editor.state().flowId) await openFlow(flowId);
    await runStore.getState().openPast(run);
  }
  session.setState({ isDockOpen: true, dockTab: 'run' });
}
