/** A question of a run to a person: what exactly would be done, and the ways to answer. What would hide a part of it, or turn it round, is written out. */
import { visibleLine, visibleText, type Answer, type OpenWait } from '@switchyard/shared';
import { useState } from 'react';
import { messageOf } from '../../api/api-error.ts';
import { CodeView } from '../../ui/code-view.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { sayDone, sayFailed } from '../../ui/messages.ts';
import { useNow } from '../use-now.ts';
import { CallAnswers, OutcomeAnswers, StepAnswers, type AnswersProps } from './answers.tsx';
import { questionLine } from './question-text.ts';
import { answerQuestion } from './use-questions.ts';

const kinds = { call: CallAnswers, step: StepAnswers, outcome: OutcomeAnswers };

const argumentWords = { call: 'Exactly what it would be called with', step: 'In detail', outcome: 'What it was called with' };

/** Goes away with its answer, wherever that is given. */
export function QuestionCard({ question }: { question: OpenWait }) {
  const { ask } = question;
  const now = useNow(true, 1000);
  const [isEditing, setEditing] = useState(false);
  const { isSending, refusal, send } = useSending(question);
  const Answers: React.ComponentType<AnswersProps> = kinds[ask.about];
  return (
    <section aria-label={`Question: ${ask.title}`} className="rounded-md border border-warn bg-warn-soft/40">
      <header className="flex items-start gap-2 px-3 pt-2">
        <Icon name="hand" className="mt-0.5 text-warn" />
        <div className="min-w-0 flex-1">
          <h2 className="text-sm font-semibold break-words">{visibleLine(ask.title)}</h2>
          <p className="text-xs text-dim tabular-nums">{questionLine(question, now)}</p>
        </div>
        {ask.operation !== undefined && <code className="font-mono text-xs leading-5 text-dim">{ask.operation}</code>}
      </header>
      <div className="space-y-2 px-3 py-2">
        {ask.text !== undefined && <Markdown text={visibleText(ask.text)} />}
        {ask.arguments !== undefined && !isEditing && (
          <div>
            <h3 className="mb-1 text-xs font-semibold text-dim">{argumentWords[ask.about]}</h3>
            <CodeView text={visibleText(JSON.stringify(ask.arguments, null, 2))} language="json" label="Exact arguments" className="max-h-60 bg-panel!" />
          </div>
        )}
        <Answers ask={ask} isSending={isSending} send={send} onEditing={setEditing} />
        {refusal !== undefined && (
          <p role="alert" className="text-xs break-words text-bad">
            {refusal}
          </p>
        )}
      </div>
    </section>
  );
}

/** What becomes of the run after a no is the flow's affair: it may well end. */
function saidOf({ choice }: Answer): string {
  if (choice === 'reject') return 'Rejected.';
  return choice === 'give-up' ? 'Given up.' : 'Answered. The run goes on.';
}

/** The answer names the arguments that were shown: others are never approved with it. */
function useSending(question: OpenWait): { isSending: boolean; refusal: string | undefined; send(answer: Answer): void } {
  const [isSending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const { hash } = question.ask;
  const send = (answer: Answer) => {
    setSending(true);
    setRefusal(undefined);
    answerQuestion(question, { ...answer, ...(hash !== undefined && { hash }) })
      .then((isAccepted) => {
        if (isAccepted) sayDone(saidOf(answer));
        else sayFailed('Someone else answered first.', 'Their answer counts.');
      })
      .catch((error: unknown) => setRefusal(messageOf(error)))
      .finally(() => setSending(false));
  };
  return { isSending, refusal, send };
}
