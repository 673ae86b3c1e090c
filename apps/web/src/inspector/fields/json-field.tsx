/** Any value, as JSON. What is typed counts as soon as it is JSON; until then the last value stays. */
import type { Json } from '@switchyard/shared';
import { useEffect, useState } from 'react';
import { CodeEditor } from '../../ui/code-editor.tsx';
import type { FieldControl } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { Change } from '../form/form-context.ts';

interface JsonFieldProps {
  said: FieldControl;
  label: string;
  value: Json | undefined;
  onChange: Change;
  lines?: number;
}

/** A change from outside replaces what is typed, unless both mean the same. */
export function JsonField({ said, label, value, onChange, lines = 2 }: JsonFieldProps) {
  const [text, setText] = useState(() => jsonText(value));
  const [mistake, setMistake] = useState<string>();
  useEffect(() => {
    setText((typed) => (meansSame(typed, value) ? typed : jsonText(value)));
  }, [value]);
  const change = (typed: string) => {
    setText(typed);
    if (typed.trim() === '') {
      setMistake(undefined);
      onChange(undefined);
      return;
    }
    try {
      const next = JSON.parse(typed) as Json;
      setMistake(undefined);
      if (JSON.stringify(next) !== JSON.stringify(value)) onChange(next);
    } catch (error) {
      setMistake((error as Error).message);
    }
  };
  return (
    <>
      <CodeEditor
        id={said.id}
        label={label}
        language="json"
        isMono
        lines={lines}
        value={text}
        {...((said.isInvalid ?? mistake) && { isInvalid: true })}
        {...(said.describedBy && { describedBy: said.describedBy })}
        onChange={change}
      />
      {mistake && (
        <p role="status" className="mt-1 flex gap-1 text-xs text-bad">
          <Icon name="circle-alert" size={14} className="mt-px" />
          <span>Not JSON yet, so not taken: {mistake}</span>
        </p>
      )}
    </>
  );
}

function jsonText(value: Json | undefined): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

function meansSame(text: string, value: Json | undefined): boolean {
  try {
    return text.trim() === '' ? value === undefined : JSON.stringify(JSON.parse(text)) === JSON.stringify(value);
  } catch {
    return false;
  }
}
