/** The flows within the document: what runs them, the way to look into them, and to take out those that nothing runs. */
import type { FlowSummary } from '@switchyard/api/router';
import { messageOf } from '../api/api-error.ts';
import { createFlow, openFlow } from '../browser-flows.ts';
import { dropFlow, flowOnItsOwn, originOf } from '../editor/bring-flow.ts';
import { flowUses } from '../editor/flow-uses.ts';
import { levelOf } from '../editor/levels.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { counted } from '../ui/figures.ts';
import { sayDone, sayFailed } from '../ui/messages.ts';
import { editor, useEditor } from '../use-editor.ts';
import { useSavedFlows } from './use-saved-flows.ts';

/** Nothing where the document has none. */
export function DocumentFlows() {
  const flow = useEditor((state) => state.frozen ?? state.document);
  const uses = [...flowUses(flow, editor.registry)];
  if (uses.length === 0) return null;
  const canTakeOut = uses.some(([, count]) => count === 0);
  return (
    <section aria-label="Flows within this flow">
      <h2 className="mb-1 text-xs font-semibold text-dim">Flows within this flow</h2>
      <ul>
        {uses.map(([name, count]) => (
          <li key={name} className="flex min-h-9 items-center gap-2 py-1">
            <button
              type="button"
              title={`Open ${name} on the canvas`}
              onClick={() => editor.openLevel(levelOf(flow, name, editor.registry))}
              className="-mx-1 min-w-0 flex-1 rounded px-1 text-left hover:bg-panel2"
            >
              <span className="block truncate text-sm">{name}</span>
              <span className="block text-xs text-faint">
                {counted(Object.keys(flow.flows?.[name]?.nodes ?? {}).length, 'node')} · {count === 0 ? 'not used' : `used by ${counted(count, 'node')}`}
              </span>
            </button>
            <OwnFlowButton name={name} />
            {count > 0 && canTakeOut && <span className="size-7 shrink-0" />}
            {count === 0 && (
              <IconButton
                icon="trash"
                size="small"
                label={`Take ${name} out of this flow`}
                onClick={() => editor.editDocument(`Take out "${name}"`, (before) => dropFlow(before, name))}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The way to the saved flow that it was brought from; one that is saved nowhere is saved first. */
function OwnFlowButton({ name }: { name: string }) {
  const { origin, isPending, open } = useOwnFlow(name);
  return (
    <IconButton
      icon={origin ? 'folder-open' : 'copy-plus'}
      size="small"
      disabled={isPending}
      label={origin ? `Open the saved flow “${origin.name}”` : `Save ${name} as a flow of its own, and open it`}
      onClick={open}
    />
  );
}

/** The same in words. */
export function OwnFlow({ name }: { name: string }) {
  const { origin, isPending, open } = useOwnFlow(name);
  return (
    <section aria-label="Use elsewhere">
      <h2 className="mb-1 text-xs font-semibold text-dim">Use elsewhere</h2>
      <p className="mb-2 text-xs text-faint">
        {origin
          ? `A saved flow is called “${origin.name}”. Others bring in copies of that one.`
          : 'It belongs to this document. Saved as a flow of its own, others can bring in a copy.'}
      </p>
      <Button size="small" icon={origin ? 'folder-open' : 'copy-plus'} disabled={isPending} onClick={open}>
        {origin ? 'Open the saved flow' : 'Save as a flow of its own'}
      </Button>
    </section>
  );
}

function useOwnFlow(name: string): { origin: FlowSummary | undefined; isPending: boolean; open(): void } {
  const { saved, isPending } = useSavedFlows();
  const origin = originOf(name, saved);
  const open = async () => {
    if (origin) return await openFlow(origin.id);
    const flow = flowOnItsOwn(editor.state().shown, name, editor.registry);
    if (!flow) return;
    await createFlow(flow);
    sayDone(`Saved as the flow "${flow.name}". What is changed here is brought in again where it is used.`);
  };
  return { origin, isPending, open: () => void open().catch((error: unknown) => sayFailed('The flow was not opened', messageOf(error))) };
}
