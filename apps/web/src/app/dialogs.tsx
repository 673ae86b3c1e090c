/** The window's dialogs, each loaded when it is first opened. */
import { lazy, Suspense } from 'react';
import { useImported } from '../flows/imported-flow.ts';
import { PartBoundary } from '../ui/part-boundary.tsx';
import { useDialogs } from './app-actions.ts';

const CommandBar = lazy(() => import('./command-bar.tsx').then((module) => ({ default: module.CommandBar })));
const AbilitiesDialog = lazy(() => import('../flows/abilities-dialog.tsx').then((module) => ({ default: module.AbilitiesDialog })));
const HelpDialog = lazy(() => import('./help-dialog.tsx').then((module) => ({ default: module.HelpDialog })));

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
