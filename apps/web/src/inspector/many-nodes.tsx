/** Several nodes selected: which, and the way to one of them. */
import { collapseSelection } from '../editor/collapse.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { sayFailed } from '../ui/messages.ts';
import { StatusMark } from '../ui/status-mark.tsx';
import { editor, useEditor } from '../use-editor.ts';

function makeFlow(): void {
  const why = collapseSelection(editor);
  if (why !== undefined) sayFailed(why);
}

/** Choosing one selects it alone. */
export function ManyNodes({ ids }: { ids: readonly string[] }) {
  const flow = useEditor((state) => state.shown);
  const isFrozen = useEditor((state) => state.frozen !== undefined);
  const byNode = useEditor((state) => state.here.byNode);
  return (
    <div className="min-h-0 flex-1 overflow-auto p-4">
      <h2 className="mb-2 text-base font-semibold">{ids.length} nodes selected</h2>
      <ul className="divide-y divide-line">
        {ids.map((id) => {
          const node = flow.nodes[id];
          const face = node && editor.face(node);
          return (
            <li key={id}>
              <button type="button" onClick={() => editor.select([id])} className="flex h-8 w-full items-center gap-2 text-left text-sm hover:text-control">
                <Icon name={face?.kind?.icon ?? 'box'} className="text-dim" />
                <span className="min-w-0 flex-1 truncate">{face?.title ?? id}</span>
                {byNode.get(id)?.some((diagnostic) => diagnostic.severity === 'error') && <StatusMark status="failed" />}
              </button>
            </li>
          );
        })}
      </ul>
      {!isFrozen && (
        <Button size="small" icon="workflow" className="mt-4" onClick={makeFlow}>
          Make a flow of them
        </Button>
      )}
    </div>
  );
}
