/** Rows and columns of plain values, as a database gives them. */
import { useState } from 'react';
import { Button } from './button.tsx';
import { MaskedText } from './masked-text.tsx';

const firstRows = 50;

interface DataTableProps {
  label: string;
  columns: readonly string[];
  rows: readonly Record<string, unknown>[];
}

/** Shows the first rows, and the rest when asked. */
export function DataTable({ label, columns, rows }: DataTableProps) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? rows : rows.slice(0, firstRows);
  return (
    <div>
      <div tabIndex={0} role="group" aria-label={label} className="max-h-80 overflow-auto rounded-md border border-line">
        <table className="w-full border-collapse text-xs">
          <thead className="sticky top-0 bg-panel2">
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" className="border-b border-line px-2 py-1 text-left font-semibold whitespace-nowrap">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="font-mono">
            {shown.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own and are never moved.
              <tr key={index} className="border-b border-line last:border-0">
                {columns.map((column) => (
                  <Cell key={column} value={row[column]} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown.length && (
        <Button size="small" variant="quiet" className="mt-1" onClick={() => setWhole(true)}>
          Show all {rows.length.toLocaleString('en')} rows
        </Button>
      )}
    </div>
  );
}

function Cell({ value }: { value: unknown }) {
  const isNumber = typeof value === 'number';
  const text = value === null || value === undefined ? 'null' : typeof value === 'string' ? value : JSON.stringify(value);
  const style = value === null || value === undefined ? 'text-faint italic' : '';
  return (
    <td className={`max-w-72 truncate px-2 py-1 align-top ${isNumber ? 'text-right tabular-nums' : ''} ${style}`} title={text.length > 40 ? text : undefined}>
      <MaskedText text={text} />
    </td>
  );
}
