/** A failed or stopped run: what failed, where, why, what to do, and the ways there and on from there. */
import type { Failure, RunView } from '@switchyard/shared';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { MaskedText } from '../ui/masked-text.tsx';
import { editor, session, useEditor } from '../use-editor.ts';
import { showPlace } from './body-level.ts';
import { failingRow } from './failing-row.ts';
import { canBeginAnew, resumeRun } from './seeded-run.ts';
import { openRow } from './trace-selection.ts';
import { useRunState } from './use-run.ts';

/** Stands in place of the answer, or below what was reached of it. */
export function FailureCard({ view, failure }: { view: RunView; failure: Failure & { node?: string } }) {
  const title = useEditor((state) => {
    const node = failure.node === undefined ? undefined : (state.frozen ?? state.document).nodes[failure.node];
    return node && editor.face(node).title;
  });
  const flowId = useEditor((state) => state.flowId);
  const canResume = useRunState((state) => state.flowId === flowId) && view.endedAt !== undefined && canBeginAnew();
  const showRow = () => {
    openRow(failingRow(view, failure.node));
    session.setState({ isDockOpen: true, dockTab: 'trace' });
  };
  return (
    <section role="alert" className="rounded-md border border-bad/40 bg-bad-soft px-3 py-2">
      <h2 className="flex items-center gap-2 text-sm font-semibold">
        <Icon name="circle-x" className="text-bad" />
        {title ? `${title} failed` : view.status === 'cancelled' ? 'Stopped' : 'The run failed'}
      </h2>
      <p className="mt-1 text-sm break-words">
        <MaskedText text={failure.message} />
      </p>
      {failure.cause && (
        <p className="mt-1 text-xs text-dim">
          Behind it: <MaskedText text={failure.cause.message} />
        </p>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-2">
        {canResume && (
          <Button size="small" icon="fast-forward" onClick={() => void resumeRun(view.run)}>
            Resume
          </Button>
        )}
        {title && failure.node !== undefined && (
          <Button size="small" onClick={() => failure.node !== undefined && showPlace('', failure.node)}>
            Show node
          </Button>
        )}
        {view.tasks.size > 0 && (
          <Button size="small" onClick={showRow}>
            Show in trace
          </Button>
        )}
        {failure.code.startsWith('limit-') && (
          <Button size="small" onClick={() => showPlace('', undefined)}>
            Show limits
          </Button>
        )}
        <code className="ml-auto font-mono text-xs text-dim">{failure.code}</code>
      </div>
    </section>
  );
}
