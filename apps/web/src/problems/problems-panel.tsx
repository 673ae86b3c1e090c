/** Problems: every diagnostic of the open flow, with its place and, where there is one, its fix. */
import type { Diagnostic } from '@switchyard/shared';
import { applyFix } from '../editor/commands.ts';
import { levelTo, showProblem } from '../editor/show-problem.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Icon } from '../ui/icon.tsx';
import { editor, session, useEditor } from '../use-editor.ts';
import { ProblemPlace } from './problem-place.tsx';

/** Errors first. */
export function ProblemsPanel() {
  const diagnostics = useEditor((state) => state.derived.diagnostics);
  const sorted = [...diagnostics].sort((one, other) => Number(one.severity === 'warning') - Number(other.severity === 'warning'));
  if (sorted.length === 0) {
    return (
      <EmptyState icon="circle-check" title="No problems">
        The flow is checked with every change. What keeps it from running would stand here, with its place and, where there is one, a fix.
      </EmptyState>
    );
  }
  return (
    <ul aria-label="Problems" className="divide-y divide-line">
      {sorted.map((diagnostic) => (
        <li key={`${diagnostic.code} ${diagnostic.path} ${diagnostic.message}`}>
          <Problem diagnostic={diagnostic} />
        </li>
      ))}
    </ul>
  );
}

function Problem({ diagnostic }: { diagnostic: Diagnostic }) {
  const { severity, message, code, fix } = diagnostic;
  const patch = fix?.patch;
  return (
    <div className="flex items-center gap-2 pr-3 hover:bg-panel2">
      <button type="button" onClick={() => show(diagnostic)} className="flex min-w-0 flex-1 items-start gap-2 py-2 pl-3 text-left">
        <Icon
          name={severity === 'error' ? 'circle-alert' : 'triangle-alert'}
          className={`mt-0.5 ${severity === 'error' ? 'text-bad' : 'text-warn'}`}
          label={severity}
        />
        <span className="min-w-0 flex-1">
          <span className="block text-sm break-words">{message}</span>
          <span className="block truncate text-xs text-faint">
            <ProblemPlace diagnostic={diagnostic} /> · {code}
          </span>
        </span>
      </button>
      {fix && patch && (
        <Button
          size="small"
          icon="wand"
          onClick={() => editor.editDocument(fix.title, (document) => applyFix(document, patch), { level: levelTo(editor, diagnostic.flow) })}
        >
          {fix.title}
        </Button>
      )}
    </div>
  );
}

/** A mistake of the flow itself shows the flow. */
function show(diagnostic: Diagnostic): void {
  session.setState({ isRightOpen: true });
  showProblem(editor, diagnostic);
}
