/** Mends a mistake in one click. */
import type { Diagnostic } from '@switchyard/shared';
import { applyFix } from '../../editor/commands.ts';
import { Button } from '../../ui/button.tsx';
import { editor } from '../../use-editor.ts';

/** Nothing where the diagnostic has no fix that applies by itself. */
export function FixButton({ diagnostic: { fix } }: { diagnostic: Diagnostic }) {
  const patch = fix?.patch;
  if (!fix || !patch) return null;
  return (
    <Button size="small" icon="wand" onClick={() => editor.editDocument(fix.title, (flow) => applyFix(flow, patch))}>
      {fix.title}
    </Button>
  );
}
