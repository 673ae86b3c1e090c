/** Why a run did not start: each mistake with the way to its place. */
import { showProblem } from '../editor/show-problem.ts';
import { ProblemPlace } from '../problems/problem-place.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { editor, session } from '../use-editor.ts';
import type { RunRefusal } from './run-store.ts';

const mostShown = 5;

/** Only the first mistakes; all of them stand under Problems. */
export function RefusalCard({ refusal: { message, diagnostics } }: { refusal: RunRefusal }) {
  return (
    <section role="alert" className="rounded-md border border-bad/40 bg-bad-soft px-3 py-2">
      <h2 className="flex items-start gap-2 text-sm font-semibold">
        <Icon name="circle-alert" className="mt-0.5 text-bad" />
        {diagnostics.length > 0 ? (message.split(':')[0] ?? message) : message}
      </h2>
      <ul className="mt-1 space-y-1">
        {diagnostics.slice(0, mostShown).map((diagnostic) => (
          <li key={`${diagnostic.path} ${diagnostic.message}`} className="flex items-center gap-2 text-sm">
            <span className="min-w-0 flex-1 break-words">
              {diagnostic.message}
              <span className="block text-xs text-dim">
                <ProblemPlace diagnostic={diagnostic} />
              </span>
            </span>
            {(diagnostic.node ?? diagnostic.flow) !== undefined && (
              <Button size="small" onClick={() => showProblem(editor, diagnostic)}>
                Show
              </Button>
            )}
          </li>
        ))}
      </ul>
      {diagnostics.length > mostShown && (
        <Button size="small" className="mt-2" onClick={() => session.setState({ dockTab: 'problems' })}>
          All {diagnostics.length} problems
        </Button>
      )}
    </section>
  );
}
