/** A failed or stopped run: what failed, where, why, what to do, and the ways there and on from there. */
import type { Failure, RunView } from '@switchyard/shared';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { Icon } from '../ui/icon.tsx';
import { MaskedText } from '../ui/masked-text.tsx';
import { session, useEditor } from '../use-editor.ts';
import { showPlace, titleInRun } from './body-level.ts';
import { failingRow } from './failing-row.ts';
import { canBeginAnew, resumeRun } from './seeded-run.ts';
import { openRow } from './trace-selection.ts';
import { useRunState } from './use-run.ts';

/** Stands in place of the answer, or below what was reached of it. */
export function FailureCard({ view, failure }: { view: RunView; failure: Failure & { node?: string } }) {
  // As it ran: since then the node may have been renamed, or be gone.
  const title = failure.node === undefined ? undefined : titleInRun(failure.node, failure.node);
  const isThere = useEditor(({ frozen, document }) => failure.node !== undefined && Object.hasOwn((frozen ?? document).nodes, failure.node));
  const flowId = useEditor((state) => state.flowId);
  const canResume = useRunState((state) => state.flowId === flowId) && view.endedAt !== undefined && canBeginAnew();
  const showRow = () => {
    openRow(failingRow(view, failure.node));
    session.setState({ isDockOpen: true, dockTab: 'trace' });
  };
  const isStopped = !title && view.status === 'cancelled';
  return (
    <section role="alert" className={classNames('rounded-md border px-3 py-2', isStopped ? 'border-line2 bg-panel2' : 'border-bad/40 bg-bad-soft')}>
      <h2 className="flex items-center gap-2 text-sm font-semibold">
        <Icon name={isStopped ? 'ban' : 'circle-x'} className={isStopped ? 'text-dim' : 'text-bad'} />
        {title ? `${title} failed` : isStopped ? 'Stopped' : 'The run failed'}
      </h2>
      <p className="mt-1 text-sm break-words">
        <MaskedText text={shortened(failure.message)} />
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
        {isThere && (
          <Button size="small" onClick={() => showPlace('', failure.node)}>
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

const longest = 700;
const endLength = 200;

/** What was answered may be a whole page. A message begins with what failed and ends with what to do, so both stay in sight; the trace has all of it. */
function shortened(message: string): string {
  return message.length <= longest ? message : `${message.slice(0, longest - endLength)} … ${message.slice(-endLength)}`;
}
