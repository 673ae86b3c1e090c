/** Several nodes selected: which, and the way to one of them. */
import { Icon } from '../ui/icon.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { editor, useEditor } from '../use-editor.ts';

/** Choosing one selects it alone. */
export function ManyNodes({ ids }: { ids: readonly string[] }) {
  const flow = useEditor((state) => state.shown);
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
    </div>
  );
}
