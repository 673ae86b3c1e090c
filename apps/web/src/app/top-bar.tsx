/** The bar at the top: which flow, whether it is safe, undo and redo, the command bar, export, run. */
import { Suspense } from 'react';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { useIsRunning } from '../run/use-run.ts';
import { useEditor } from '../use-editor.ts';
import { actionNamed, keysOf, openDialog } from './app-actions.ts';
import { FlowName } from './flow-name.tsx';
import { Mark } from './mark.tsx';
import { SaveMark } from './save-mark.tsx';

/** Menus are not part of the first picture. */
const ExportMenu = lazyPart(async () => (await import('./export-menu.tsx')).ExportMenu);

const Inbox = lazyPart(async () => (await import('./inbox.tsx')).Inbox);

/** Always there, whatever is open. */
export function TopBar() {
  const isOpen = useEditor((state) => state.flowId !== undefined);
  const isFrozen = useEditor((state) => state.frozen !== undefined);
  return (
    <header data-panel="top" className="col-span-full flex min-w-0 items-center gap-3 border-b border-line bg-panel px-3">
      <Mark />
      {isOpen && (
        <>
          <FlowName />
          <Badge>{isFrozen ? 'As it ran' : 'Draft'}</Badge>
          <SaveMark />
        </>
      )}
      <span className="flex-1" />
      <Suspense>
        <Inbox />
      </Suspense>
      <UndoRedo />
      <Button aria-keyshortcuts="Control+K" onClick={() => openDialog('commands')}>
        Search or do…
        <Kbd keys={keysOf(actionNamed('Search or do')) ?? ''} />
      </Button>
      <Suspense fallback={<Button disabled>Export</Button>}>
        <ExportMenu isDisabled={!isOpen} />
      </Suspense>
      <RunButton />
    </header>
  );
}

function UndoRedo() {
  const past = useEditor((state) => (state.frozen ? undefined : state.history.past.at(-1)));
  const future = useEditor((state) => (state.frozen ? undefined : state.history.future.at(-1)));
  const [undo, redo] = [actionNamed('Undo'), actionNamed('Redo')];
  return (
    <div className="flex gap-1">
      <IconButton icon="undo" label={past ? `Undo: ${past.label}` : 'Nothing to undo'} keys={keysOf(undo) ?? ''} disabled={!past} onClick={undo.run} />
      <IconButton icon="redo" label={future ? `Redo: ${future.label}` : 'Nothing to redo'} keys={keysOf(redo) ?? ''} disabled={!future} onClick={redo.run} />
    </div>
  );
}

function RunButton() {
  const isRunning = useIsRunning();
  const isOpen = useEditor((state) => state.flowId !== undefined);
  const action = actionNamed('Run or stop');
  return (
    <Button variant="primary" disabled={!isOpen} aria-keyshortcuts="Control+Enter" className="min-w-28" onClick={action.run}>
      {isRunning ? <span aria-hidden className="size-2.5 rounded-xs bg-current" /> : <Icon name="play" size={14} />}
      {isRunning ? 'Stop' : 'Run'}
      <Kbd keys={keysOf(action) ?? ''} />
    </Button>
  );
}
