/** Above the answer of an earlier run: that it is one, what it was given, and the ways on. */
import { setDraft } from '../editor/session.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { MaskedText } from '../ui/masked-text.tsx';
import { session, useEditor } from '../use-editor.ts';
import { inputText } from './run-inputs.ts';
import { runStore } from './run-store.ts';
import { useRunView } from './use-run.ts';

/** Its inputs can be taken over for the next run. */
export function PastRunHead() {
  const { view } = useRunView();
  const flowId = useEditor((state) => state.flowId);
  const isUnderWay = view.endedAt === undefined || view.status === 'waiting';
  const inputs = Object.entries(view.inputs);
  const takeOver = () => {
    if (flowId !== undefined) setDraft(session, flowId, view.inputs);
    runStore.getState().close();
  };
  return (
    <div className="mb-3 rounded-md bg-warn-soft px-2 py-1 text-xs">
      <div className="flex flex-wrap items-center gap-2 text-warn">
        <Icon name="history" size={14} />
        <span className="mr-auto">{isUnderWay ? 'A run under way, shown as it was started' : 'An earlier run, shown as it ran'}</span>
        {inputs.length > 0 && (
          <Button size="small" onClick={takeOver}>
            Take its inputs
          </Button>
        )}
        <Button size="small" onClick={() => runStore.getState().close()}>
          Back to editing
        </Button>
      </div>
      {inputs.length > 0 && (
        // However long they are, the answer stands in sight below them.
        <div role="group" aria-label="Inputs of this run" tabIndex={0} className="mt-1 max-h-18 overflow-y-auto">
          <dl className="space-y-1">
            {inputs.map(([name, value]) => (
              <div key={name} className="flex gap-2">
                <dt className="shrink-0 text-dim">{name}</dt>
                <dd className="min-w-0 break-words">
                  <MaskedText text={shortened(inputText(value))} />
                </dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </div>
  );
}

const longest = 2000;

/** The whole is taken over by the button, and stands at the node in the trace. */
function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
