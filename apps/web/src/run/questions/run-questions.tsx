/** What the run on screen asks, the oldest first. */
import { QuestionCard } from './question-card.tsx';
import { useRunQuestions } from './use-questions.ts';

/** Told to screen readers when one comes. */
export function RunQuestions() {
  const questions = useRunQuestions();
  return (
    <div aria-live="polite" className={questions.length > 0 ? 'mb-3 space-y-3' : ''}>
      {questions.map((question) => (
        <QuestionCard key={question.key} question={question} />
      ))}
    </div>
  );
}
