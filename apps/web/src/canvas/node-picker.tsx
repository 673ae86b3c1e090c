/** The picker that opens on the canvas: kinds that fit a dropped wire or a link, all kinds, or the wires that a node could get. */
import { Command } from 'cmdk';
import { useEffect, useMemo, useRef } from 'react';
import { addKind, fittingKinds } from '../editor/add-kind.ts';
import { layerGroups } from '../editor/palette.ts';
import { Icon } from '../ui/icon.tsx';
import { editor } from '../use-editor.ts';
import { canvasControl } from './canvas-control.ts';
import { canvasStore, type Picker } from './canvas-store.ts';
import { join } from './use-wiring.ts';
import { wireChoices } from './wire-choices.ts';

const width = 288;
const height = 320;

function close(): void {
  canvasStore.setState({ picker: undefined });
  canvasControl()?.focus();
}

/** Stands where it was asked for, within the window. */
export default function NodePicker({ picker }: { picker: Picker }) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const onPointerDown = (event: PointerEvent) => {
      if (!panel.current?.contains(event.target as Node)) canvasStore.setState({ picker: undefined });
    };
    window.addEventListener('pointerdown', onPointerDown, true);
    return () => window.removeEventListener('pointerdown', onPointerDown, true);
  }, []);
  const left = Math.max(8, Math.min(picker.screen.x, window.innerWidth - width - 8));
  const top = Math.max(8, Math.min(picker.screen.y, window.innerHeight - height - 8));
  return (
    <div ref={panel} className="nowheel fixed z-40 rounded-md border border-line2 bg-panel shadow-card" style={{ left, top, width }}>
      <Command
        label={picker.sort === 'connect' ? 'Connect to' : 'Add a node'}
        loop
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key !== 'Escape' && event.key !== 'Tab') return;
          event.preventDefault();
          close();
        }}
      >
        <Command.Input
          autoFocus
          placeholder={picker.sort === 'connect' ? 'Connect to…' : 'Add a node…'}
          className="h-10 w-full border-b border-line bg-transparent px-3 text-sm outline-none"
        />
        <Command.List className="max-h-70 overflow-y-auto p-1">
          <Command.Empty className="px-3 py-4 text-xs text-dim">
            {picker.sort === 'connect' ? 'Nothing here can be wired to this node.' : 'No kind of node fits here.'}
          </Command.Empty>
          {picker.sort === 'connect' ? <WireItems node={picker.node} /> : <KindItems picker={picker} />}
        </Command.List>
      </Command>
    </div>
  );
}

function KindItems({ picker }: { picker: Exclude<Picker, { sort: 'connect' }> }) {
  const ends = useMemo(() => (picker.sort === 'wire' ? { from: picker.from } : picker.sort === 'insert' ? { link: picker.link } : {}), [picker]);
  const groups = useMemo(() => layerGroups(fittingKinds(editor, ends)), [ends]);
  return groups.map((group) => (
    <Command.Group key={group.layer} heading={group.title} className="picker-group">
      {group.kinds.map((kind) => (
        <Command.Item
          key={kind.kind}
          value={kind.kind}
          keywords={[kind.title, kind.tagline]}
          className="picker-item"
          onSelect={() => {
            const added = addKind(editor, kind, { at: picker.flow, ...ends });
            close();
            canvasControl()?.reveal(added);
          }}
        >
          <span className={`kind-glyph kind-${kind.layer}`}>
            <Icon name={kind.icon} />
          </span>
          <span className="min-w-0">
            <span className="block truncate font-medium">{kind.title}</span>
            <span className="block truncate text-xs leading-4 text-faint">{kind.tagline}</span>
          </span>
        </Command.Item>
      ))}
    </Command.Group>
  ));
}

function WireItems({ node }: { node: string }) {
  const choices = useMemo(() => wireChoices(editor.state().flow, node, editor.face), [node]);
  return choices.map((choice) => (
    <Command.Item
      key={choice.key}
      value={choice.key}
      keywords={[choice.text]}
      className="picker-item"
      onSelect={() => {
        join(choice.verdict);
        close();
      }}
    >
      <Icon name={choice.verdict.wire.sort === 'grant' ? 'key' : 'link'} size={14} className="text-dim" />
      <span className="truncate">{choice.text}</span>
    </Command.Item>
  ));
}
