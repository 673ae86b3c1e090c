/** A value to read: text as text, lists of equal rows as a table, anything else as JSON. */
import { useMemo } from 'react';
import { CodeView } from './code-view.tsx';

interface JsonViewProps {
  value: unknown;
  label: string;
  className?: string;
}

/** Pretty JSON, coloured. */
export function JsonView({ value, label, className }: JsonViewProps) {
  const text = useMemo(() => JSON.stringify(value, null, 2) ?? 'null', [value]);
  return <CodeView text={text} language="json" label={label} {...(className && { className })} />;
}
