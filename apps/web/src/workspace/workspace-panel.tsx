/** The rail's Workspace tab: models, connections and secrets that flows may name. */
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
