/** The flow's name, renamed in place. */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { renameFlow } from '../editor/commands.ts';
import { editor, useEditor } from '../use-editor.ts';

/** Enter keeps the new name, Esc the old one. */
export function FlowName() {
  const name = useEditor((state) => state.shown.name);
  const isFrozen = useEditor((state) => state.frozen !== undefined);
  const [isEditing, setEditing] = useState(false);
  useEffect(() => {
    document.title = `${name} · Switchyard`;
  }, [name]);
  if (isEditing) return <NameInput name={name} onClose={() => setEditing(false)} />;
  return (
    <h1 className="min-w-0 text-base font-semibold">
      <button
        type="button"
        disabled={isFrozen}
        title={isFrozen ? name : 'Rename the flow'}
        className="-mx-1 block max-w-80 truncate rounded px-1 enabled:hover:bg-panel2"
        onClick={() => setEditing(true)}
      >
        {name}
      </button>
    </h1>
  );
}

function NameInput({ name, onClose }: { name: string; onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const isDropped = useRef(false);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const keep = () => {
    const text = input.current?.value ?? name;
    if (!isDropped.current) editor.editDocument('Rename the flow', (flow) => renameFlow(flow, text));
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    isDropped.current = event.key === 'Escape';
    keep();
  };
  return (
    <input
      ref={input}
      aria-label="Name of the flow"
      defaultValue={name}
      maxLength={200}
      className="-mx-1 h-7 w-64 rounded border border-run bg-panel px-1 text-base font-semibold outline-none"
      onBlur={keep}
      onKeyDown={onKeyDown}
    />
  );
}
