/** Renames a node in place. Enter keeps the name, Esc the old one. */
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { setTitle } from '../editor/commands.ts';
import { editor } from '../use-editor.ts';
import { canvasStore } from './canvas-store.ts';

/** An input in the place of the title; an empty name gives the kind's own title back. */
export function TitleEdit({ id, title }: { id: string; title: string }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const isClosed = useRef(false);
  const close = () => {
    isClosed.current = true;
    canvasStore.setState({ renaming: undefined });
  };
  // The blur of an input that goes away comes after Esc, and must not keep what Esc gave up.
  const keep = () => {
    if (isClosed.current) return;
    const text = input.current?.value ?? title;
    if (text !== title) editor.edit('Rename', (flow) => setTitle(flow, id, text));
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Enter') keep();
    if (event.key === 'Escape') close();
  };
  return (
    <input
      ref={input}
      aria-label="Title"
      defaultValue={title}
      maxLength={200}
      className="nodrag -mx-1 h-5 w-full min-w-0 rounded border border-run bg-panel px-1 text-sm font-semibold outline-none"
      onBlur={keep}
      onKeyDown={onKeyDown}
    />
  );
}
