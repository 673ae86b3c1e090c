/** A value as it is best read: text as text, rows as a table, anything else as JSON. */
import { CodeView } from './code-view.tsx';
import { DataTable } from './data-table.tsx';
import { JsonView } from './json-view.tsx';

interface ValueViewProps {
  value: unknown;
  label: string;
  className?: string;
}

/** Chooses by the value's shape alone. */
export function ValueView({ value, label, className }: ValueViewProps) {
  if (typeof value === 'string') {
    const style = /^\s*[[{]/.test(value) ? { language: 'json' as const } : { isProse: true };
    return <CodeView text={value === '' ? '(empty text)' : value} label={label} {...style} {...(className && { className })} />;
  }
  const columns = tableColumns(value);
  if (columns) return <DataTable label={label} columns={columns} rows={value as Record<string, unknown>[]} />;
  return <JsonView value={value} label={label} {...(className && { className })} />;
}

/** The columns of a list of flat objects with much the same keys; undefined for anything else. */
export function tableColumns(value: unknown): string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const columns = new Set<string>();
  for (const row of value) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return undefined;
    for (const [key, cell] of Object.entries(row)) {
      if (typeof cell === 'object' && cell !== null) return undefined;
      columns.add(key);
    }
  }
  return columns.size > 0 && columns.size <= 24 ? [...columns] : undefined;
}
