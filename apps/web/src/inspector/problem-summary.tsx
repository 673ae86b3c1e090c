/** How many problems there are, and the way to them. */
import type { Diagnostic } from '@switchyard/shared';
import { Button } from '../ui/button.tsx';
import { counted } from '../ui/figures.ts';
import { Icon } from '../ui/icon.tsx';
import { session } from '../use-editor.ts';

/** Also that there are none. */
export function ProblemSummary({ diagnostics }: { diagnostics: readonly Diagnostic[] }) {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  return (
    <section aria-label="Problems">
      <h2 className="mb-2 text-xs font-semibold text-dim">Problems</h2>
      {diagnostics.length === 0 ? (
        <p className="flex items-center gap-2 text-sm">
          <Icon name="circle-check" className="text-ok" /> None found: the flow can run
        </p>
      ) : (
        <div className="flex items-center gap-2 text-sm">
          <Icon name={errors > 0 ? 'circle-alert' : 'triangle-alert'} className={errors > 0 ? 'text-bad' : 'text-warn'} />
          <span className="flex-1">
            {[errors > 0 ? counted(errors, 'error') : '', warnings > 0 ? counted(warnings, 'warning') : ''].filter(Boolean).join(', ')}
          </span>
          <Button size="small" onClick={() => session.setState({ isDockOpen: true, dockTab: 'problems' })}>
            Show
          </Button>
        </div>
      )}
    </section>
  );
}
