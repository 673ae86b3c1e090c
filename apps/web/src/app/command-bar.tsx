/** The command bar: every action, every node of the flow, every flow, in one list that is searched. */
import { Command } from 'cmdk';
import { Dialog as Primitive } from 'radix-ui';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { queries } from '../api/client.ts';
import { messageOf } from '../api/api-error.ts';
import { openFlow } from '../browser-flows.ts';
import type { Flow } from '@switchyard/shared';
import { everyLevel, flowNameAt } from '../editor/levels.ts';
import { levelTo } from '../editor/show-problem.ts';
import { canvasControl } from '../canvas/canvas-control.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { sayFailed } from '../ui/messages.ts';
import { editor, useEditor } from '../use-editor.ts';
import { actions, keysOf, openDialog, useDialogs } from './app-actions.ts';
import { findAll, type Entry } from './find-entries.ts';

const mostEntries = 60;

/** Open from when it is drawn. */
export function CommandBar() {
  const isFind = useDialogs((state) => state.open === 'find');
  return (
    <Primitive.Root open onOpenChange={(open) => !open && openDialog(undefined)}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-black/30" />
        <Primitive.Content
          aria-describedby={undefined}
          className="fixed top-24 left-1/2 z-40 w-[min(560px,calc(100vw-32px))] -translate-x-1/2 overflow-hidden rounded-md border border-line2 bg-panel shadow-card outline-none"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            canvasControl()?.focus();
          }}
        >
          <Primitive.Title className="sr-only">{isFind ? 'Find in the flow' : 'Search or do'}</Primitive.Title>
          <Search isFind={isFind} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Search({ isFind }: { isFind: boolean }) {
  const [words, setWords] = useState('');
  const groups = useGroups(isFind);
  const found = useMemo(() => findAll(groups, words, mostEntries), [groups, words]);
  const isEmpty = found.every((group) => group.entries.length === 0);
  return (
    <Command label={isFind ? 'Find in the flow' : 'Search or do'} shouldFilter={false} loop>
      <Command.Input
        autoFocus
        value={words}
        onValueChange={setWords}
        placeholder={isFind ? 'Find a node…' : 'Search for an action, a node or a flow…'}
        className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none"
      />
      <Command.List className="max-h-96 overflow-y-auto p-2">
        {isEmpty && <p className="px-2 py-4 text-sm text-dim">Nothing answers to “{words}”.</p>}
        {found.map(
          (group) =>
            group.entries.length > 0 && (
              <Command.Group key={group.title} heading={group.title} className="picker-group">
                {group.entries.map((entry) => (
                  <EntryRow key={entry.id} entry={entry} />
                ))}
              </Command.Group>
            ),
        )}
      </Command.List>
    </Command>
  );
}

function EntryRow({ entry }: { entry: Entry }) {
  const choose = () => {
    openDialog(undefined);
    // The dialog gives the focus back first, so that what is done may take it.
    setTimeout(() => entry.run());
  };
  return (
    <Command.Item value={entry.id} disabled={entry.isDisabled ?? false} className="picker-item min-h-8" onSelect={choose}>
      <Icon name={entry.icon as IconName} className="text-dim" />
      <span className="truncate">{entry.text}</span>
      {entry.note && <span className="truncate text-xs text-faint">{entry.note}</span>}
      {entry.keys && <Kbd keys={entry.keys} className="ml-auto" />}
    </Command.Item>
  );
}

function useGroups(isFind: boolean): { title: string; entries: Entry[] }[] {
  const document = useEditor((state) => state.frozen ?? state.document);
  const level = useEditor((state) => state.level);
  const flowId = useEditor((state) => state.flowId);
  const { data: flows } = useQuery({ ...queries.flows.list.queryOptions(), enabled: !isFind });
  return useMemo(() => {
    // What is open comes first.
    const levels = everyLevel(document).sort(([one], [other]) => Number(other === flowNameAt(level)) - Number(one === flowNameAt(level)));
    const nodes = levels.flatMap(([name, flow]) => nodeEntries(name, flow));
    if (isFind) return [{ title: 'Nodes', entries: nodes }];
    const acts = actions
      .filter((action) => action.group !== 'Walk')
      .map(
        (action): Entry => ({
          id: action.id,
          icon: action.icon ?? 'command',
          text: action.title,
          words: action.words ?? '',
          keys: keysOf(action),
          isDisabled: !action.isEnabled(),
          run: action.run,
        }),
      );
    const others = (flows ?? [])
      .filter((each) => each.id !== flowId)
      .map(
        (each): Entry => ({
          id: `flow ${each.id}`,
          icon: 'workflow',
          text: each.name,
          note: 'flow',
          run: () => void openFlow(each.id).catch((error: unknown) => sayFailed(messageOf(error))),
        }),
      );
    return [
      { title: 'Actions', entries: acts },
      { title: 'Nodes', entries: nodes },
      { title: 'Flows', entries: others },
    ];
  }, [isFind, document, level, flowId, flows]);
}

function nodeEntries(name: string | undefined, flow: Flow): Entry[] {
  return Object.entries(flow.nodes).map(([id, node]): Entry => {
    const face = editor.face(node);
    const note = name === undefined ? face.summary : [`in ${name}`, face.summary].filter(Boolean).join(' · ');
    const words = [id, node.kind, name ?? ''].join(' ');
    return { id: `node ${name ?? ''} ${id}`, icon: face.kind?.icon ?? 'box', text: face.title, note, words, run: () => lookAt(name, id) };
  });
}

function lookAt(flow: string | undefined, node: string): void {
  editor.openLevel(levelTo(editor, flow));
  editor.select([node]);
  canvasControl()?.focus();
  // A flow that was not open is first seen as it was left.
  requestAnimationFrame(() => canvasControl()?.reveal(node));
}
