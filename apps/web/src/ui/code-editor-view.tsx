/** CodeMirror as the field editor. Tab leaves the field; Ctrl+Enter is left to the window, which runs the flow. */
import { autocompletion, closeBrackets, completionKeymap, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { json } from '@codemirror/lang-json';
import { SQLite, sql } from '@codemirror/lang-sql';
import { syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, keymap, lineNumbers, MatchDecorator, placeholder, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view';
import type { Span } from '@switchyard/shared';
import { useEffect, useRef } from 'react';
import { classNames } from './class-names.ts';
import { codeHighlighter } from './highlight.ts';
import { inputStyle } from './input.tsx';
import { jsonMistakes, tellMistakes, toldMistakes } from './marked-mistakes.ts';
import { styleNonce } from './style-nonce.ts';

export type EditorLanguage = 'javascript' | 'sql' | 'json' | 'template' | 'expression' | 'text';

/** Something that may be written at the cursor. */
export interface Suggestion {
  /** What is inserted. */
  label: string;
  /** Beside it: its type. */
  detail?: string;
  /** Below it when it is marked: a sample. */
  info?: string;
  /** Done besides inserting it. */
  onChosen?: () => void;
}

export interface CodeEditorProps {
  id?: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  language: EditorLanguage;
  /** Rows shown at least. */
  lines?: number;
  isMono?: boolean;
  isInvalid?: boolean;
  /** What of the value is wrong, underlined. */
  wrong?: readonly Span[];
  describedBy?: string;
  placeholder?: string;
  suggestions?: readonly Suggestion[];
}

const theme = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--text)', maxHeight: '33vh' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: '20px' },
  '.cm-content': { padding: '0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--faint)' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 8px 0 0', minWidth: '16px' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-placeholder': { color: 'var(--faint)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'color-mix(in srgb, var(--run) 24%, transparent) !important' },
  // Not kept off letters that reach below the line: a mark may be one letter wide.
  '.cm-mistake': { textDecoration: 'underline wavy var(--bad)', textUnderlineOffset: '3px', textDecorationSkipInk: 'none' },
  '.cm-hole': { backgroundColor: 'var(--control-soft)', color: 'var(--control)', borderRadius: '4px', padding: '1px 2px' },
  '.cm-tooltip': {
    border: '1px solid var(--line2)',
    borderRadius: '8px',
    backgroundColor: 'var(--panel)',
    color: 'var(--text)',
    overflow: 'hidden',
    fontSize: '12px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-sans)', maxHeight: '14rem', padding: '4px', maxWidth: '296px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '4px 8px', lineHeight: '16px', borderRadius: '4px', textOverflow: 'ellipsis' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--control-soft)', color: 'var(--text)' },
  '.cm-completionDetail': { color: 'var(--faint)', fontStyle: 'normal', marginLeft: '8px' },
  '.cm-tooltip.cm-completionInfo': { padding: '4px 8px', fontFamily: 'var(--font-mono)' },
  '.cm-matchingBracket': { backgroundColor: 'var(--panel2) !important', outline: '1px solid var(--line2)' },
});

const noSpans: readonly Span[] = [];

const keys = keymap.of(
  [...completionKeymap, ...defaultKeymap, ...historyKeymap].filter(({ key }) => key !== 'Mod-Enter' && key !== 'Mod-k' && key !== 'Mod-/'),
);

/** The field. What changes the value from outside replaces the text; what is typed goes out at once. */
export default function CodeEditorView(props: CodeEditorProps) {
  const { value, language, lines = 1, isMono, isInvalid } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const saying = useRef(new Compartment());

  useEffect(() => {
    const parent = host.current;
    if (!parent) return;
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          extensionsFor(language, () => latest.current),
          saying.current.of(attributes({ id: undefined, describedBy: undefined, isInvalid: undefined, ...latest.current })),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [language]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value) editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  const { wrong = noSpans } = props;
  useEffect(() => {
    view.current?.dispatch({ effects: tellMistakes.of(wrong) });
  }, [wrong]);

  const { id, label, describedBy } = props;
  useEffect(() => {
    view.current?.dispatch({ effects: saying.current.reconfigure(attributes({ id, label, describedBy, isInvalid })) });
  }, [id, label, describedBy, isInvalid]);

  return (
    <div
      ref={host}
      className={classNames(
        inputStyle,
        'overflow-auto py-1 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-run',
        isMono && 'font-mono text-xs',
        isInvalid && 'border-bad',
      )}
      style={{ minHeight: lines * 20 + 10 }}
    />
  );
}

/** What is said of the field; parts may be undefined. */
interface Said {
  id: string | undefined;
  label: string;
  describedBy: string | undefined;
  isInvalid: boolean | undefined;
}

function attributes({ id, label, describedBy, isInvalid }: Said): Extension {
  return EditorView.contentAttributes.of({
    'aria-label': label,
    ...(id && { id }),
    ...(describedBy && { 'aria-describedby': describedBy }),
    ...(isInvalid && { 'aria-invalid': 'true' }),
  });
}

function extensionsFor(language: EditorLanguage, latest: () => CodeEditorProps): Extension[] {
  const { placeholder: hint } = latest();
  return [
    history(),
    keys,
    closeBrackets(),
    EditorView.lineWrapping,
    theme,
    syntaxHighlighting(codeHighlighter),
    ...(styleNonce ? [EditorView.cspNonce.of(styleNonce)] : []),
    ...(hint ? [placeholder(hint)] : []),
    languageExtension(language),
    toldMistakes,
    autocompletion({
      icons: false,
      ...(language === 'javascript' || language === 'sql' ? {} : { override: [(context) => complete(context, language, latest().suggestions ?? [])] }),
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) {
        const text = update.state.doc.toString();
        if (text !== latest().value) latest().onChange(text);
      }
      if (update.focusChanged && !update.view.hasFocus) latest().onBlur?.();
    }),
  ];
}

function languageExtension(language: EditorLanguage): Extension {
  switch (language) {
    case 'javascript':
      // What is wrong with code is told with its line.
      return [javascript(), lineNumbers()];
    case 'sql':
      return [sql({ dialect: SQLite }), holes];
    case 'json':
      return [json(), holes, jsonMistakes];
    case 'template':
      return holes;
    case 'expression':
    case 'text':
      return [];
  }
}

const holeMark = Decoration.mark({ class: 'cm-hole' });
const holeMatcher = new MatchDecorator({ regexp: /\{\{[^{}]*\}\}/g, decoration: holeMark });

const holes = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = holeMatcher.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = holeMatcher.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** Within a template only inside a hole; in an expression anywhere. */
function complete(context: CompletionContext, language: EditorLanguage, suggestions: readonly Suggestion[]): CompletionResult | null {
  const word = context.matchBefore(language === 'expression' ? /[\w.]*/ : /\{\{\s*[\w.]*/);
  if (!word || suggestions.length === 0 || (word.from === word.to && !context.explicit)) return null;
  const typed = /[\w.]*$/.exec(word.text)?.[0] ?? '';
  return {
    from: word.to - typed.length,
    options: suggestions.map((suggestion, index) => ({ ...option(suggestion, language), boost: Math.max(-99, -index) })),
    validFor: /^[\w.]*$/,
  };
}

function option({ label, detail, info, onChosen }: Suggestion, language: EditorLanguage): Completion {
  return {
    label,
    ...(detail && { detail }),
    ...(info && { info }),
    apply(view, _completion, from, to) {
      const after = view.state.sliceDoc(to, to + 3);
      const closing = language === 'expression' || /^\s*\}\}/.test(after) ? '' : '}}';
      view.dispatch({
        changes: { from, to, insert: label + closing },
        selection: { anchor: from + label.length + closing.length },
        userEvent: 'input.complete',
      });
      onChosen?.();
    },
  };
}
