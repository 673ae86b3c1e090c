/** What can be done from a row: run again from here, go on with another result, pin it; from the run's own row also save it as a test and replay it. */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';
import { useEffect, useRef, useState } from 'react';
import { togglePin, useIsPinned } from '../run/pins.ts';
import { recordRun, replayRun } from '../run/recorded-run.ts';
import { canBeginAnew, forkCall, forkTask, runFromKey } from '../run/seeded-run.ts';
import { endedRun, useRunState, useRunView } from '../run/use-run.ts';
import { useWhole } from '../run/whole-values.ts';
import { Button } from '../ui/button.tsx';
import { JsonEditor } from '../ui/json-editor.tsx';
import { useEditor } from '../use-editor.ts';
import type { TraceItem } from './trace-tree.ts';

/** Only of a run of the open flow that has ended: else there is nothing to begin from. */
export function RowActions({ item }: { item: TraceItem }) {
  const { view } = useRunView();
  const flowId = useEditor((state) => state.flowId);
  const isOfFlow = useRunState((state) => state.flowId === flowId);
  const [isEditing, setEditing] = useState(false);
  const run = endedRun();
  if (run === undefined || (item.sort !== 'run' && !(isOfFlow && canBeginAnew()))) return null;
  const begin = beginningOf(item);
  const canEdit = begin !== undefined && (item.call !== undefined || item.task?.outputs !== undefined);
  return (
    <div className="space-y-2" key={view.run}>
      <div className="flex flex-wrap items-center gap-1">
        {begin !== undefined && (
          <Button size="small" icon="fast-forward" onClick={() => void runFromKey(run, begin)}>
            Run from here
          </Button>
        )}
        {canEdit && (
          <Button size="small" icon="split" aria-expanded={isEditing} onClick={() => setEditing(!isEditing)}>
            Edit and fork
          </Button>
        )}
        {item.task?.outputs && !item.task.parent && <PinButton node={item.task.node} />}
        {item.sort === 'run' && <RunActions />}
      </div>
      {isEditing && <Fork item={item} run={run} onClose={() => setEditing(false)} />}
    </div>
  );
}

/** The node of the flow itself, or the key of a call; a task within another node's run, and the run, are neither. */
function beginningOf({ sort, call, task }: TraceItem): string | undefined {
  if (call) return call.key;
  return sort === 'task' && task && task.parent === undefined && task.status !== 'skipped' ? task.task : undefined;
}

function RunActions() {
  return (
    <>
      <Button size="small" icon="flask" onClick={() => void recordRun()}>
        Save as a test
      </Button>
      <Button size="small" icon="repeat" onClick={() => void replayRun()}>
        Replay
      </Button>
    </>
  );
}

function PinButton({ node }: { node: string }) {
  const isPinned = useIsPinned(node);
  return (
    <Button size="small" icon="pin" aria-pressed={isPinned} onClick={() => void togglePin(node)}>
      {isPinned ? 'Unpin' : 'Pin'}
    </Button>
  );
}

interface ForkProps {
  item: TraceItem;
  run: string;
  onClose: () => void;
}

function Fork({ item, run, onClose }: ForkProps) {
  const whole = useWhole(item.call ?? item.task ?? {});
  if (whole.state === 'reading') return <p className="text-xs text-dim">Reading the whole value…</p>;
  if (whole.state !== 'whole')
    return (
      <Button size="small" onClick={whole.read}>
        Read the whole value first
      </Button>
    );
  const { result, outputs } = whole.item as { result?: Json; outputs?: JsonObject };
  return <ForkForm item={item} run={run} value={item.call ? (result ?? null) : (outputs ?? {})} onClose={onClose} />;
}

function ForkForm({ item, run, value, onClose }: ForkProps & { value: Json }) {
  const [edited, setEdited] = useState<Json | undefined>(value);
  const form = useRef<HTMLElement>(null);
  // The details are low: what was asked for may lie below what is in sight.
  useEffect(() => {
    void form.current?.scrollIntoView({ block: 'start' });
  }, []);
  const isUnfit = item.call === undefined && edited !== undefined && !isJsonObject(edited);
  const fork = () => {
    if (edited === undefined) return;
    if (item.call) void forkCall(run, item.call.key, edited);
    else if (item.task && isJsonObject(edited)) void forkTask(run, item.task.task, edited);
    onClose();
  };
  return (
    <section ref={form} aria-label="Edit and fork" className="space-y-2 rounded-md border border-line p-2">
      <p className="text-xs text-dim">
        A new run begins with this {item.call ? 'result' : 'output'} in the place of the recorded one; what follows from it is run anew.
      </p>
      <div className="flex gap-1">
        <Button size="small" variant="primary" disabled={edited === undefined || isUnfit} onClick={fork}>
          Fork with this
        </Button>
        <Button size="small" variant="quiet" onClick={onClose}>
          Leave it
        </Button>
      </div>
      <JsonEditor
        label={item.call ? 'Edited result' : 'Edited outputs'}
        initial={value}
        onChange={(next) => setEdited(next as Json | undefined)}
        mistake={isUnfit ? 'Outputs are an object, by port.' : undefined}
      />
    </section>
  );
}
