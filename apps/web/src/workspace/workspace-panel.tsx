/** The rail's Workspace tab: models, connections and secrets that flows may name. */
import type { ReactNode } from 'react';
import { messageOf } from '../api/api-error.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { ConnectionList } from './connection-list.tsx';
import { ModelList } from './model-list.tsx';
import { SecretList } from './secret-list.tsx';
import { useWorkspace } from './use-workspace.ts';

/** Changes show in all pickers at once. */
export function WorkspacePanel() {
  const { data, error, isPending, refetch } = useWorkspace();
  if (isPending) return <p className="p-3 text-xs text-dim">Loading…</p>;
  if (error || !data) {
    return (
      <div className="space-y-2 p-3 text-xs">
        <p className="text-bad">{messageOf(error)}</p>
        <Button size="small" onClick={() => void refetch()}>
          Try again
        </Button>
      </div>
    );
  }
  return (
    <div className="space-y-6 p-3">
      <ModelList models={data.models} />
      <ConnectionList connections={data.connections} />
      <SecretList secrets={data.secrets} />
      {data.notes.length > 0 && (
        <ul aria-label="Notes" className="space-y-2">
          {data.notes.map((note) => (
            <li key={note} className="flex items-start gap-2 text-xs leading-4 text-dim">
              <Icon name="info" size={14} className="mt-px" />
              <span className="min-w-0 break-words">{note}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

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
