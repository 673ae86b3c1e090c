/** JSON to be written: what is typed counts once it is JSON, and is told why it is not. */
import { useState } from 'react';
import { CodeEditor } from './code-editor.tsx';
import { Icon } from './icon.tsx';

interface JsonEditorProps {
  id?: string;
  label: string;
  /** What stands there first. */
  initial: unknown;
  /** Undefined while what is typed is not JSON. */
  onChange: (value: unknown) => void;
  lines?: number;
  /** What else is wrong with it. */
  mistake?: string | undefined;
}

/** Keeps its own text. */
export function JsonEditor({ id, label, initial, onChange, lines = 4, mistake }: JsonEditorProps) {
  const [text, setText] = useState(() => JSON.stringify(initial, null, 2) ?? 'null');
  const [wrong, setWrong] = useState<string>();
  const change = (typed: string) => {
    setText(typed);
    try {
      const value: unknown = JSON.parse(typed);
      setWrong(undefined);
      onChange(value);
    } catch (error) {
      setWrong(`Not JSON yet: ${(error as Error).message}`);
      onChange(undefined);
    }
  };
  const told = wrong ?? mistake;
  return (
    <div className="min-w-0">
      <CodeEditor {...(id && { id })} label={label} language="json" isMono lines={lines} value={text} {...(told && { isInvalid: true })} onChange={change} />
      {told && (
        <p role="status" className="mt-1 flex gap-1 text-xs text-bad">
          <Icon name="circle-alert" size={14} className="mt-px" />
          <span className="min-w-0 break-words">{told}</span>
        </p>
      )}
    </div>
  );
}
