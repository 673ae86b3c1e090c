/** The window's dialogs, each loaded when it is first opened. */
import { Suspense } from 'react';
import { useImported } from '../flows/imported-flow.ts';
import { lazyPart } from '../ui/lazy-part.ts';
import { PartBoundary } from '../ui/part-boundary.tsx';
import { useDialogs } from './app-actions.ts';

const CommandBar = lazyPart(async () => (await import('./command-bar.tsx')).CommandBar);
const AbilitiesDialog = lazyPart(async () => (await import('../flows/abilities-dialog.tsx')).AbilitiesDialog);
const HelpDialog = lazyPart(async () => (await import('./help-dialog.tsx')).HelpDialog);

/** Nothing while none is open. */
export function Dialogs() {
  const open = useDialogs((state) => state.open);
  const hasImported = useImported((state) => state.flow !== undefined);
  return (
    <PartBoundary key={open}>
      <Suspense>
        {(open === 'commands' || open === 'find') && <CommandBar key={open} />}
        {open === 'help' && <HelpDialog />}
        {hasImported && <AbilitiesDialog />}
      </Suspense>
    </PartBoundary>
  );
}
