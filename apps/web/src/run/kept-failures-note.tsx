/** A run that is done, and in which not all went well: of a list some items failed, and the flow goes on without them. */
import { session } from '../use-editor.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { titleInRun } from './body-level.ts';
import { failuresText } from './body-failures.ts';
import { keptFailures } from './kept-failures.ts';
import { openRow } from './trace-selection.ts';
import { useRunState, useRunView } from './use-run.ts';

/** Nothing where there are none. */
export function KeptFailuresNote() {
  const { view } = useRunView();
  const index = useRunState((state) => state.index);
  const kept = view.endedAt === undefined ? [] : keptFailures(view, index);
  return kept.map(({ node, row, failed, of }) => (
    <section key={node} aria-label={`Failures in ${titleInRun(node, node)}`} className="flex items-center gap-2 rounded-md bg-warn-soft px-3 py-2 text-sm">
      <Icon name="triangle-alert" className="text-warn" />
      <p className="min-w-0 flex-1">
        <b className="font-semibold">
          {titleInRun(node, node)}: {failuresText({ failed, of })}.
        </b>{' '}
        The run went on, as it is set there.
      </p>
      <Button
        size="small"
        onClick={() => {
          openRow(row);
          session.setState({ isDockOpen: true, dockTab: 'trace' });
        }}
      >
        Show in trace
      </Button>
    </section>
  ));
}
