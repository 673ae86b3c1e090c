/** One titled part of a row's details, with its exact text to copy. */
import { useState, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { JsonView } from '../ui/json-view.tsx';
import { ValueView } from '../ui/value-view.tsx';

interface DetailBlockProps {
  title: string;
  /** Exactly what was sent or received. */
  value: unknown;
  /** Stands beside the title: a status, a count. */
  note?: ReactNode;
  /** The value made readable; without it the value is shown by its shape. */
  children?: ReactNode;
}

/** Readable first; the exact JSON behind one button. */
export function DetailBlock({ title, value, note, children }: DetailBlockProps) {
  const [isExact, setExact] = useState(false);
  return (
    <section className="space-y-1">
      <header className="flex h-7 items-center gap-2">
        <h3 className="text-xs font-semibold">{title}</h3>
        {note && <span className="min-w-0 truncate text-xs text-dim">{note}</span>}
        <span className="ml-auto flex items-center">
          {children !== undefined && (
            <Button size="small" variant="quiet" aria-pressed={isExact} onClick={() => setExact(!isExact)}>
              {isExact ? 'Readable' : 'JSON'}
            </Button>
          )}
          <CopyButton label={`Copy ${title.toLowerCase()}`} text={() => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))} />
        </span>
      </header>
      {children === undefined ? (
        <ValueView value={value} label={title} className="max-h-80" />
      ) : isExact ? (
        <JsonView value={value} label={title} className="max-h-96" />
      ) : (
        children
      )}
    </section>
  );
}
