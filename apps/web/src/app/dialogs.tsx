/** The window's dialogs, each loaded when it is first opened. */
import { lazy, Suspense } from 'react';
import { useDialogs } from './app-actions.ts';

const CommandBar = lazy(() => import('./command-bar.tsx').then((module) => ({ default: module.CommandBar })));
const HelpDialog = lazy(() => import('./help-dialog.tsx').then((module) => ({ default: module.HelpDialog })));

/** Nothing while none is open. */
export function Dialogs() {
  const open = useDialogs((state) => state.open);
  return (
    <Suspense>
      {(open === 'commands' || open === 'find') && <CommandBar key={open} />}
      {open === 'help' && <HelpDialog />}
    </Suspense>
  );
}
