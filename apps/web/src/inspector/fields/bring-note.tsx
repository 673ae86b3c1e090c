/** What is told, or asked, while a saved flow is brought in. */
import { messageOf } from '../../api/api-error.ts';
import { openFlow } from '../../browser-flows.ts';
import { flowUses } from '../../editor/flow-uses.ts';
import { Button } from '../../ui/button.tsx';
import { counted } from '../../ui/figures.ts';
import { sayFailed } from '../../ui/messages.ts';
import { editor, useEditor } from '../../use-editor.ts';
import type { Bringing, BringState } from './use-bringing.ts';

/** Below the field. */
export function BringNote({ bringing }: { bringing: Bringing }) {
  const { state } = bringing;
  switch (state.name) {
    case 'idle':
      return null;
    case 'reading':
      return (
        <p role="status" className="mt-1 text-xs text-dim">
          Bringing in “{state.from.name}”…
        </p>
      );
    case 'differs':
      return <Differs state={state} bringing={bringing} />;
    case 'refused':
      return (
        <div role="alert" className="mt-2 rounded-md bg-bad-soft p-2 text-xs">
          <p className="break-words">{state.why}</p>
          <div className="mt-2 flex flex-wrap gap-2">
            {state.canOpen && <OpenSaved id={state.from.id} name={state.from.name} />}
            <Button size="small" variant="quiet" onClick={bringing.forget}>
              Close
            </Button>
          </div>
        </div>
      );
  }
}

function Differs({ state: { from, copy }, bringing }: { state: Extract<BringState, { name: 'differs' }>; bringing: Bringing }) {
  const uses = useEditor((state) => flowUses(state.document, editor.registry).get(copy) ?? 0);
  return (
    <div role="alert" className="mt-2 rounded-md bg-warn-soft p-2 text-xs">
      <p className="break-words">
        This document has <b>{copy}</b> already, and “{from.name}” as it is saved now is not the same. Bringing it in again replaces {copy} here
        {uses > 0 && `, which is used in ${counted(uses, 'place')}`}.
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button size="small" onClick={() => bringing.answer('replace')}>
          Bring in the saved version again
        </Button>
        <Button size="small" onClick={() => bringing.answer('beside')}>
          Keep both
        </Button>
        <Button size="small" onClick={() => bringing.answer('keep')}>
          Use {copy} as it is
        </Button>
      </div>
    </div>
  );
}

/** Leaves the open flow, which is saved, for the one that was brought in. */
export function OpenSaved({ id, name }: { id: string; name: string }) {
  const open = () => openFlow(id).catch((error: unknown) => sayFailed(`"${name}" was not opened`, messageOf(error)));
  return (
    <Button size="small" icon="folder-open" onClick={() => void open()}>
      Open “{name}”
    </Button>
  );
}
