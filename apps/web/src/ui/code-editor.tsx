/** A field for source text, templates and expressions. The editor itself is loaded when first needed; until then the text can be read in its place. */
import { Suspense } from 'react';
import type { CodeEditorProps } from './code-editor-view.tsx';
import { classNames } from './class-names.ts';
import { inputStyle } from './input.tsx';
import { lazyPart } from './lazy-part.ts';

export type { CodeEditorProps, EditorLanguage, Suggestion } from './code-editor-view.tsx';

const CodeEditorView = lazyPart(async () => (await import('./code-editor-view.tsx')).default);

/** Takes the height of its text, between `lines` and a third of the window. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Waiting {...props} />}>
      <CodeEditorView {...props} />
    </Suspense>
  );
}

function Waiting({ value, lines = 1, isMono, placeholder }: CodeEditorProps) {
  return (
    <div
      className={classNames(inputStyle, 'max-h-[33vh] overflow-hidden py-1 whitespace-pre-wrap', isMono ? 'font-mono text-xs leading-5' : 'leading-5')}
      style={{ minHeight: lines * 20 + 10 }}
    >
      {value || <span className="text-faint">{placeholder}</span>}
    </div>
  );
}
