/** What the next run is given: one control per field of the entries, remembered per flow, with samples to try. */
import type { Json, JsonObject } from '@switchyard/shared';
import { useEffect, useRef, type ReactNode } from 'react';
import { setDraft } from '../editor/session.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { editor, session, useEditor, useRemembered } from '../use-editor.ts';
import { forgetMistake, runOrStop, useRunForm } from './run-flow.ts';
import { FormField } from './input-field.tsx';
import { unpinAll, usePinned } from './pins.ts';
import { inputFields } from './run-inputs.ts';
import { documentTitleOf } from '../node-title.ts';
import { useIsRunning } from './use-run.ts';

const noDraft: JsonObject = {};
const keys = navigator.platform.startsWith('Mac') ? '⌘ ↵' : 'Ctrl ↵';

/** Ctrl+Enter in any field runs; the button stays in sight. `footer` stands beside it. */
export function RunForm({ footer }: { footer?: ReactNode }) {
  const flow = useEditor((state) => state.document);
  const flowId = useEditor((state) => state.flowId);
  const typed = useRemembered((remembered) => (flowId === undefined ? noDraft : (remembered.drafts[flowId] ?? noDraft)));
  const isRunning = useIsRunning();
  const form = useRef<HTMLFormElement>(null);
  const { mistakes, refused } = useRunForm();
  useEffect(() => {
    if (refused > 0) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [refused]);
  const fields = inputFields(flow, editor.face);
  const isEmpty = Object.keys(flow.nodes).length === 0;
  const set = (name: string, value: Json) => {
    if (flowId !== undefined) setDraft(session, flowId, { ...typed, [name]: value });
    forgetMistake(name);
  };
  return (
    <form
      ref={form}
      aria-label="Inputs of the next run"
      className="flex h-full min-h-0 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        void runOrStop();
      }}
    >
      {/* What a control hides of itself is kept within what scrolls. */}
      <div className="relative min-h-0 flex-1 space-y-3 overflow-auto p-3">
        {fields.map((field) => (
          <FormField
            key={`${field.node}.${field.name}`}
            field={field}
            value={typed[field.name]}
            mistake={mistakes[field.name]}
            onChange={(value) => set(field.name, value)}
            onSubmit={() => void runOrStop()}
          />
        ))}
        {fields.length === 0 && (
          <p className="text-xs text-dim">{isEmpty ? 'There is nothing to run yet: add a node first.' : 'This flow asks for nothing: it runs as it is.'}</p>
        )}
      </div>
      <PinnedNote />
      <footer className="flex shrink-0 items-center justify-between gap-2 border-t border-line px-3 py-2">
        <Button type="submit" variant="primary" disabled={flowId === undefined} className="min-w-28">
          {isRunning ? <span aria-hidden className="size-2.5 rounded-xs bg-current" /> : <Icon name="play" size={14} />}
          {isRunning ? 'Stop' : 'Run'} <Kbd keys={keys} />
        </Button>
        {footer}
      </footer>
    </form>
  );
}

/** Nobody should wonder why a node gives the same whatever it is asked. */
function PinnedNote() {
  const pinned = usePinned();
  if (pinned.length === 0) return null;
  return (
    <p className="flex shrink-0 items-center gap-2 border-t border-line px-3 py-1 text-xs text-dim">
      <Icon name="pin" size={12} className="text-control" />
      <span className="min-w-0 flex-1 truncate">Pinned, so not run: {pinned.map(documentTitleOf).join(', ')}</span>
      <Button size="small" variant="quiet" onClick={() => unpinAll(pinned)}>
        Unpin
      </Button>
    </p>
  );
}
