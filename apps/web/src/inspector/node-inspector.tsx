/** One node: its title, then Set up, Last run and About. */
import { useEffect } from 'react';
import { setTitle } from '../editor/commands.ts';
import type { InspectorTab } from '../editor/session.ts';
import { classNames } from '../ui/class-names.ts';
import { Icon } from '../ui/icon.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { editor, session, useEditor, useRemembered } from '../use-editor.ts';
import { AboutTab } from './about-tab.tsx';
import { LastRunTab } from './last-run-tab.tsx';
import { SetUpTab } from './set-up-tab.tsx';
import { UnknownNode } from './unknown-node.tsx';

const glyphs = { control: 'bg-control-soft text-control', data: 'bg-data-soft text-data', end: 'bg-panel2 text-dim' };

/** A node of a kind that is not known here shows what it holds, and loses nothing. */
export function NodeInspector({ id }: { id: string }) {
  const node = useEditor((state) => state.shown.nodes[id]);
  const tab = useRemembered((remembered) => remembered.inspectorTab);
  const revealed = useEditor((state) => (state.reveal?.node === id ? state.reveal.count : 0));
  useEffect(() => {
    if (revealed > 0) session.setState({ inspectorTab: 'setup', isRightOpen: true });
  }, [revealed]);
  if (!node) return null;
  const face = editor.face(node);
  const { kind } = face;
  return (
    <>
      <header className="flex items-center gap-3 px-4 pt-4 pb-2">
        <span className={classNames('grid size-8 shrink-0 place-items-center rounded-md', glyphs[kind?.layer ?? 'end'])}>
          <Icon name={kind?.icon ?? 'box'} />
        </span>
        <div className="min-w-0 flex-1">
          <TitleInput key={node.title ?? ''} id={id} title={node.title ?? ''} placeholder={kind?.title ?? node.kind} />
          <p className="truncate px-1 text-xs text-faint">
            {node.kind} · <span className="font-mono">{id}</span>
          </p>
        </div>
      </header>
      {kind ? (
        <Tabs
          label={`About ${face.title}`}
          className="min-h-0 flex-1"
          listClassName="px-1"
          value={tab}
          onChange={(value) => session.setState({ inspectorTab: value as InspectorTab })}
          items={[
            { value: 'setup', label: 'Set up', content: <SetUpTab id={id} node={node} kind={kind} /> },
            { value: 'run', label: 'Last run', content: <LastRunTab id={id} /> },
            { value: 'about', label: 'About', content: <AboutTab id={id} kind={kind} /> },
          ]}
        />
      ) : (
        <UnknownNode id={id} node={node} />
      )}
    </>
  );
}

interface TitleInputProps {
  id: string;
  title: string;
  /** The kind's title, which serves without one. */
  placeholder: string;
}

function TitleInput({ id, title, placeholder }: TitleInputProps) {
  return (
    <input
      aria-label="Title of the node"
      className="w-full truncate rounded border border-transparent bg-transparent px-1 text-base font-semibold placeholder:text-text hover:border-line2"
      defaultValue={title}
      placeholder={placeholder}
      spellCheck={false}
      onBlur={(event) => editor.edit('Rename node', (flow) => setTitle(flow, id, event.target.value))}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.value = title;
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}
