/**
 * A room's question to a person.
 *
 * 1. It is asked until an answer fits it, at most `mostRounds` times, each under a key of its own; the time limit holds for all of them together.
 * 2. An answer that names other arguments than those shown does not fit: what was approved is exactly what was seen.
 * 3. No answer in time, and none that fits, count as no.
 */
import { answerSchema, askChoices, FailureError, type Answer, type Ask } from '@switchyard/shared';
import type { Context, Step } from './node.ts';
import { stableHash } from './stable-hash.ts';

/** `node` is the one that asks, the running one where none is named. */
export type Question = Omit<Ask, 'node' | 'hash'> & { node?: string };

/** `none`: nobody gave an answer that counts. */
export type Heard = Answer | { choice: 'none'; reason: string };

export interface Asking {
  question: Question;
  /** Absent: it is waited for without end. */
  seconds?: number;
  /** Why an answer cannot be taken, as a sentence; undefined where it can. */
  misfit?(answer: Answer): string | undefined;
}

/** How long a person has where nothing else is said: a day. */
export const approvalSeconds = 86_400;

const mostRounds = 3;

/** Asks, and waits for the answer. The keys begin with the context's and `suffix`. */
export function* askPerson({ question, seconds, misfit }: Asking, context: Context, suffix: string): Step<Heard> {
  const time = seconds === undefined ? undefined : context.now() + seconds * 1000;
  const hash = question.arguments === undefined ? undefined : stableHash(question.arguments);
  let text = question.text;
  for (let round = 0; round < mostRounds; round += 1) {
    const ask = { ...question, ...(text !== undefined && { text }), ...(hash !== undefined && { hash }) };
    let answer: unknown;
    try {
      answer = yield* context.wait({ ask, ...(time !== undefined && { time }) }, round === 0 ? suffix : `${suffix}.${round}`);
    } catch (error) {
      if (error instanceof FailureError && error.failure.code === 'wait-lapsed') return { choice: 'none', reason: 'nobody answered in time' };
      throw error;
    }
    const read = readAnswer(answer, ask, misfit);
    if (typeof read !== 'string') return read;
    text = `The answer before could not be taken: ${read}${question.text === undefined ? '' : `\n\n${question.text}`}`;
  }
  return { choice: 'none', reason: 'no answer that fits was given' };
}

function readAnswer(given: unknown, { about, hash }: Pick<Ask, 'about' | 'hash'>, misfit: Asking['misfit']): Answer | string {
  const parsed = answerSchema.safeParse(given);
  if (!parsed.success) return 'it has not the shape of an answer.';
  const answer = parsed.data;
  if (!askChoices[about].includes(answer.choice)) return `"${answer.choice}" is not among its choices.`;
  if (answer.hash !== undefined && hash !== undefined && answer.hash !== hash) return 'it is an answer to other arguments.';
  return misfit?.(answer) ?? answer;
}
