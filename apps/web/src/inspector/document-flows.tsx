/** The flows within the document: what runs them, the way to look into them, and to take out those that nothing runs. */
import { messageOf } from '../api/api-error.ts';
import { createFlow, openFlow } from '../browser-flows.ts';
import { dropFlow, flowOnItsOwn, flowUses, originOf } from '../editor/bring-flow.ts';
import { IconButton } from '../ui/button.tsx';
import { counted } from '../ui/figures.ts';
import { sayDone, sayFailed } from '../ui/messages.ts';
import { editor, useEditor } from '../use-editor.ts';
import { useSavedFlows } from './use-saved-flows.ts';

/** Nothing where the document has none. */
export function DocumentFlows() {
  const flow = useEditor((state) => state.frozen ?? state.flow);
  const uses = [...flowUses(flow, editor.registry)];
  if (uses.length === 0) return null;
  return (
    <section aria-label="Flows within this flow">
      <h2 className="mb-1 text-xs font-semibold text-dim">Flows within this flow</h2>
      <ul>
        {uses.map(([name, count]) => (
          <li key={name} className="flex min-h-9 items-center gap-2 py-1">
            <span className="min-w-0 flex-1">
              <span className="block truncate text-sm">{name}</span>
              <span className="block text-xs text-faint">
                {counted(Object.keys(flow.flows?.[name]?.nodes ?? {}).length, 'node')} · {count === 0 ? 'not used' : `used in ${counted(count, 'place')}`}
              </span>
            </span>
            <OpenButton name={name} />
            {count > 0 && <span className="size-7 shrink-0" />}
            {count === 0 && (
              <IconButton
                icon="trash"
                size="small"
                label={`Take ${name} out of this flow`}
                onClick={() => editor.edit(`Take out "${name}"`, (before) => dropFlow(before, name))}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A flow is changed where it is saved, and brought in again; one that is not saved yet is saved first. */
function OpenButton({ name }: { name: string }) {
  const { saved, isPending } = useSavedFlows();
  const origin = originOf(name, saved);
  const open = async () => {
    if (origin) return await openFlow(origin.id);
    const flow = flowOnItsOwn(editor.shown(), name, editor.registry);
    if (!flow) return;
    await createFlow(flow);
    sayDone(`Saved as the flow "${flow.name}". Change it here, and bring it in again where it is used.`);
  };
  return (
    <IconButton
      icon={origin ? 'folder-open' : 'copy-plus'}
      size="small"
      disabled={isPending}
      label={origin ? `Open the saved flow “${origin.name}”` : `Save ${name} as a flow of its own, and open it`}
      onClick={() => void open().catch((error: unknown) => sayFailed('The flow was not opened', messageOf(error)))}
    />
  );
}
