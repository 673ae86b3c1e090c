/** A name being changed: it counts when the field is left or Enter is pressed, so that nothing is renamed letter by letter. */
import { useEffect, useState } from 'react';
import { Input } from '../../ui/input.tsx';

interface NameInputProps {
  label: string;
  value: string;
  /** What is wrong with a name; undefined where it may be taken. */
  check: (name: string) => string | undefined;
  onCommit: (name: string) => void;
}

/** Esc takes back what was typed. A name that may not be taken is told, and the old one stays. */
export function NameInput({ label, value, check, onCommit }: NameInputProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const mistake = text === value ? undefined : check(text);
  const commit = () => {
    if (text === value) return;
    if (mistake) setText(value);
    else onCommit(text);
  };
  return (
    <div className="min-w-0 flex-1">
      <Input
        aria-label={label}
        className="font-mono text-xs"
        value={text}
        {...(mistake && { 'aria-invalid': true })}
        onChange={(event) => setText(event.target.value.trim())}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') {
            event.stopPropagation();
            setText(value);
          }
        }}
      />
      {mistake && (
        <p role="status" className="mt-1 text-xs text-bad">
          {mistake}
        </p>
      )}
    </div>
  );
}
