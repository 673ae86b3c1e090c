/** The palette: every kind by layer, searched, dragged onto the canvas or added with a click. */
import { useMemo, useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import type { Kind } from '@switchyard/engine';
import { addKind } from '../editor/add-kind.ts';
import { answersTo, layerGroups } from '../editor/palette.ts';
import { canvasControl, draggedKind } from '../canvas/canvas-control.ts';
import { Icon } from '../ui/icon.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { editor, useEditor } from '../use-editor.ts';

/** One tab stop for the search; arrows go through the kinds. */
export function Palette() {
  const [words, setWords] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const isFrozen = useEditor((state) => state.frozen !== undefined || state.flowId === undefined);
  const groups = useMemo(() => layerGroups([...editor.registry.values()].filter((kind) => answersTo(kind, words.trim()))), [words]);
  const onKeyDown = (event: KeyboardEvent) => {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'ArrowDown') buttons[at + 1]?.focus();
    else if (event.key === 'ArrowUp') (at <= 0 ? event.currentTarget.querySelector('input') : buttons[at - 1])?.focus();
    else if (event.key === 'Enter' && at < 0) buttons[0]?.click();
    else return;
    event.preventDefault();
  };
  return (
    <div role="group" aria-label="Kinds of nodes" className="flex flex-col gap-3 p-3" onKeyDown={onKeyDown}>
      <label className="flex h-8 items-center rounded-md border border-line2 bg-panel2 px-2 focus-within:border-run">
        <span className="sr-only">Search kinds of nodes</span>
        <input
          value={words}
          onChange={(event) => setWords(event.target.value)}
          placeholder="Add a node…"
          className="min-w-0 flex-1 bg-transparent text-sm outline-none"
        />
        <Kbd keys="Tab" className="text-faint" />
      </label>
      <div ref={list} className="flex flex-col gap-4">
        {groups.map((group) => (
          <section key={group.layer} aria-label={group.title}>
            <h2 className={`mb-1 flex items-center gap-2 text-xs font-semibold text-dim kind-${group.layer}`}>
              <span aria-hidden className="size-2 rounded-xs bg-(--accent,var(--dim))" />
              {group.title}
            </h2>
            {group.kinds.map((kind) => (
              <PaletteItem key={kind.kind} kind={kind} isDisabled={isFrozen} />
            ))}
          </section>
        ))}
        {groups.length === 0 && <p className="px-2 text-xs text-dim">No kind of node answers to “{words}”.</p>}
      </div>
    </div>
  );
}

function PaletteItem({ kind, isDisabled }: { kind: Kind; isDisabled: boolean }) {
  const add = () => {
    const aim = canvasControl()?.aim() ?? [0, 0];
    const id = addKind(editor, kind, { at: [aim[0] - 100, aim[1] - 32] });
    canvasControl()?.reveal(id);
  };
  const onDragStart = (event: DragEvent) => {
    event.dataTransfer.setData(draggedKind, kind.kind);
    event.dataTransfer.effectAllowed = 'copy';
  };
  return (
    <button
      type="button"
      draggable={!isDisabled}
      disabled={isDisabled}
      onDragStart={onDragStart}
      onClick={add}
      title={`${kind.title}: click to add, or drag onto the canvas`}
      className="-mx-2 flex w-[calc(100%+16px)] items-center gap-2 rounded-md px-2 py-1 text-left hover:bg-panel2 disabled:opacity-50"
    >
      <span className={`kind-glyph kind-${kind.layer}`}>
        <Icon name={kind.icon} />
      </span>
      <span className="min-w-0">
        <span className="block truncate text-sm leading-4 font-medium">{kind.title}</span>
        <span className="block truncate text-xs leading-4 text-faint" title={kind.tagline}>
          {kind.tagline}
        </span>
      </span>
    </button>
  );
}
