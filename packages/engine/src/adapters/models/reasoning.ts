/** Tells the reasoning that some models write between <think> tags before their answer apart from the answer, in whole texts and as text streams in. */

const open = '<think>';
const close = '</think>';
/** Characters of reasoning that a result keeps. */
const keptReasoning = 20_000;

/** The answer and what was reasoned before it. Templates that open the tag themselves leave only its end in the text, on a line of its own. */
export function splitReasoning(said: string, told = ''): { text: string; reasoning?: string } {
  const { text, thought } = split(said);
  const reasoning = `${told}${thought}`.trim();
  if (reasoning === '') return { text };
  return { text, reasoning: reasoning.length <= keptReasoning ? reasoning : `${reasoning.slice(0, keptReasoning)}…` };
}

function split(said: string): { text: string; thought: string } {
  if (said.includes(close) || said.includes(open)) {
    if (/^\s*<think>/.test(said)) {
      const start = said.indexOf(open) + open.length;
      const end = said.indexOf(close, start);
      return end < 0 ? { text: '', thought: said.slice(start) } : { text: said.slice(end + close.length).trimStart(), thought: said.slice(start, end) };
    }
    const end = /\n<\/think>\s*\n/.exec(said);
    if (end && !said.slice(0, end.index).includes(open)) return { text: said.slice(end.index + end[0].length).trimStart(), thought: said.slice(0, end.index) };
  }
  return { text: said, thought: '' };
}

export interface ReasoningFilter {
  take(text: string): void;
  /** Tells what was held back because it might have been the beginning of a tag. */
  end(): void;
}

/** Passes on text as it streams in, without the reasoning before it. */
export function createReasoningFilter(emit: (text: string) => void): ReasoningFilter {
  let state: 'undecided' | 'reasoning' | 'before-answer' | 'answer' = 'undecided';
  let held = '';
  const takeAnswer = (text: string) => {
    const rest = text.trimStart();
    if (rest === '') return;
    state = 'answer';
    emit(rest);
  };
  return {
    take(text) {
      if (state === 'answer') {
        emit(text);
        return;
      }
      if (state === 'before-answer') {
        takeAnswer(text);
        return;
      }
      held += text;
      if (state === 'undecided') {
        const begun = held.trimStart();
        if (begun.startsWith(open)) state = 'reasoning';
        else if (!open.startsWith(begun)) {
          state = 'answer';
          emit(held);
          return;
        } else return;
      }
      const end = held.indexOf(close);
      if (end < 0) {
        held = `${open}${held.slice(-close.length)}`;
        return;
      }
      state = 'before-answer';
      takeAnswer(held.slice(end + close.length));
    },
    end() {
      if (state === 'undecided' && held !== '') emit(held);
    },
  };
}
