/** What the lists of the Workspace tab are made of. */
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';

interface PanelSectionProps {
  title: string;
  /** What the button at the right does. */
  add: { label: string; onAdd: () => void };
  children: ReactNode;
}

/** One sort of thing, with the way to add one. */
export function PanelSection({ title, add, children }: PanelSectionProps) {
  return (
    <section aria-label={title}>
      <header className="mb-1 flex items-center justify-between">
        <h2 className="text-xs font-semibold text-dim">{title}</h2>
        <Button size="small" variant="quiet" icon="plus" aria-label={add.label} onClick={add.onAdd}>
          Add
        </Button>
      </header>
      {children}
    </section>
  );
}

interface PanelRowProps {
  title: string;
  badge?: ReactNode;
  /** The lines below the title. */
  note: ReactNode;
  onOpen?: () => void;
  menu?: ReactNode;
  children?: ReactNode;
}

/** One entry: opened by its title, with its menu at the right and what it has to say below. */
export function PanelRow({ title, badge, note, onOpen, menu, children }: PanelRowProps) {
  const words = (
    <>
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate text-sm font-medium">{title}</span>
        {badge}
      </span>
      <span className="block truncate text-xs text-faint">{note}</span>
    </>
  );
  return (
    <li className="-mx-1 rounded-md px-1 py-1 hover:bg-panel2">
      <div className="flex items-start gap-1">
        {onOpen ? (
          <button type="button" onClick={onOpen} className="min-w-0 flex-1 text-left">
            {words}
          </button>
        ) : (
          <div className="min-w-0 flex-1">{words}</div>
        )}
        {menu}
      </div>
      {children}
    </li>
  );
}
