/** Underlines what is wrong in a text that is written in CodeMirror. */
import { jsonLanguage } from '@codemirror/lang-json';
import { StateEffect, StateField, type Extension, type Text } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';
import type { Span } from '@switchyard/shared';

const mark = Decoration.mark({ class: 'cm-mistake' });
/** Characters of JSON that is looked through at each key. */
const longestJson = 200_000;

/** Tells anew what is wrong. */
export const tellMistakes = StateEffect.define<readonly Span[]>();

/** What is told stays where it is as the text around it changes, until something else is told. */
export const toldMistakes: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { changes, effects, newDoc }) {
    const told = effects.find((effect) => effect.is(tellMistakes));
    return told ? marksOf(told.value, newDoc) : marks.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Where a text stops being JSON: the browsers' own words tell it seldom. */
export const jsonMistakes: Extension = EditorView.decorations.compute(['doc'], ({ doc }) => {
  const span = doc.length > longestJson ? undefined : jsonMistake(doc.toString());
  return marksOf(span ? [span] : [], doc);
});

/** What keeps a text from being JSON; undefined where it is JSON, or empty. */
export function jsonMistake(text: string): Span | undefined {
  if (text.trim() === '' || isJson(text)) return undefined;
  const cursor = jsonLanguage.parser.parse(text).cursor();
  do {
    if (!cursor.type.isError) continue;
    const { from, to } = cursor;
    if (text.slice(from, to).trim() !== '') return { start: from, end: to };
    // Something is missing: shown is what it is missing behind.
    const before = text.slice(0, from).trimEnd().length;
    return before === 0 ? { start: 0, end: to } : { start: before - 1, end: before };
  } while (cursor.next());
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Told of a text that may have changed since: what lies behind its end is left out. */
function marksOf(spans: readonly Span[], text: Text): DecorationSet {
  const within = spans.map(({ start, end }) => ({ start, end: Math.min(end, text.length) })).filter(({ start, end }) => start < end);
  return Decoration.set(
    within.map(({ start, end }) => mark.range(start, end)),
    true,
  );
}
