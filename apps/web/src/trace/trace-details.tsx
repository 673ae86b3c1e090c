/** Everything about the row looked at: figures, failure, exact request and response or inputs and outputs. */
import type { AskedView, CallView, TaskView } from '@switchyard/shared';
import type { Ref, ReactNode } from 'react';
import { UnusedEdits } from '../run/unused-edits.tsx';
import { nodeAt, showPlace } from '../run/body-level.ts';
import { useNow } from '../run/use-now.ts';
import { useRunView } from '../run/use-run.ts';
import { useWhole } from '../run/whole-values.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { costText, countText, durationText } from '../ui/figures.ts';
import { Icon } from '../ui/icon.tsx';
import { Markdown } from '../ui/markdown.tsx';
import { MaskedText } from '../ui/masked-text.tsx';
import { LongValueNote } from '../ui/long-value-note.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { useEditor } from '../use-editor.ts';
import { CallDetails } from './call-details/call-details.tsx';
import { DetailBlock } from './detail-block.tsx';
import { FailureNote } from './failure-note.tsx';
import { ReplayNote } from './replay-note.tsx';
import { RowActions } from './row-actions.tsx';
import type { TraceItem } from './trace-tree.ts';

interface TraceDetailsProps {
  item: TraceItem;
  onClose: () => void;
  ref?: Ref<HTMLElement>;
}

/** Scrolls by itself beside the rows. */
export function TraceDetails({ item, onClose, ref }: TraceDetailsProps) {
  const isThere = useEditor(({ frozen, document }) => item.node !== undefined && nodeAt(frozen ?? document, item.site ?? item.node) !== undefined);
  return (
    <section
      ref={ref}
      tabIndex={-1}
      aria-label={`Details of ${item.label}`}
      className="flex w-[46%] max-w-160 min-w-72 shrink-0 flex-col border-l border-line focus-visible:-outline-offset-2"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <header className="flex h-9 shrink-0 items-center gap-2 border-b border-line pr-1 pl-3">
        <StatusMark status={item.status} />
        <h2 className="truncate text-sm font-semibold">{item.label}</h2>
        <span className="ml-auto flex items-center">
          {isThere && (
            <Button size="small" variant="quiet" onClick={() => showPlace(item.body, item.node)}>
              Go to node
            </Button>
          )}
          <IconButton size="small" icon="x" label="Close details" onClick={onClose} />
        </span>
      </header>
      <div className="min-h-0 flex-1 space-y-3 overflow-auto px-3 py-2">
        <Figures item={item} />
        <RowActions key={`actions ${item.id}`} item={item} />
        {item.sort === 'run' && <ReplayNote />}
        {item.sort === 'run' && <UnusedEdits />}
        <Body key={item.id} item={item} />
      </div>
    </section>
  );
}

function Figures({ item }: { item: TraceItem }) {
  const now = useNow(item.endedAt === undefined);
  const { call } = item;
  const firstMs = call?.firstTextAt === undefined ? undefined : call.firstTextAt - call.startedAt;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-dim tabular-nums">
      <Figure value={durationText(Math.max(0, (item.endedAt ?? now) - item.startedAt))} />
      {firstMs !== undefined && <Figure value={durationText(firstMs)} word="to first text" />}
      {item.inputTokens + item.outputTokens > 0 && <Figure value={`${countText(item.inputTokens)} + ${countText(item.outputTokens)}`} word="tokens in + out" />}
      {item.cost !== undefined && item.cost > 0 && <Figure value={costText(item.cost)} />}
      {call && call.attempt > 1 && <Badge tone="warning">attempt {call.attempt}</Badge>}
      {call?.from !== undefined && <Badge>from an earlier run</Badge>}
      {call?.replayed && call.from === undefined && <Badge>replayed from the journal</Badge>}
      {item.task?.pinned && <Badge>its outputs were given</Badge>}
      {call && <code className="font-mono break-all text-faint">{call.key}</code>}
    </div>
  );
}

function Figure({ value, word }: { value: string; word?: string }) {
  return (
    <span>
      <b className="font-semibold text-text">{value}</b>
      {word && ` ${word}`}
    </span>
  );
}

function Body({ item }: { item: TraceItem }): ReactNode {
  const failure = item.call?.failure ?? item.task?.failure;
  return (
    <>
      {failure && <FailureNote failure={failure} />}
      {item.call?.target.escalated && <EscalationNote escalated={item.call.target.escalated} />}
      {item.call && <WholeCall call={item.call} />}
      {item.task && !item.call && <TaskValues task={item.task} />}
      {item.asked && <AskedValues asked={item.asked} />}
      {item.sort === 'run' && <RunValues />}
      {item.sort === 'group' && <p className="text-xs text-dim">This node planned by itself: its turns stand below its row.</p>}
    </>
  );
}

/** A model was asked in place of another one. */
function EscalationNote({ escalated: { from, why } }: { escalated: { from: string; why: string } }) {
  return (
    <section aria-label="Escalation" className="flex items-start gap-2 rounded-md border border-warn/40 bg-warn-soft px-3 py-2 text-sm">
      <Icon name="triangle-alert" className="mt-0.5 text-warn" />
      <div className="min-w-0 break-words">
        <p className="font-semibold">Asked in place of {from}:</p>
        <p>
          <MaskedText text={why} />
        </p>
      </div>
    </section>
  );
}

function WholeCall({ call }: { call: CallView }) {
  const { item, state, bytes, message, read } = useWhole(call);
  return state === 'whole' ? <CallDetails call={item} /> : <LongValueNote state={state} bytes={bytes} message={message} onRead={read} />;
}

function TaskValues({ task }: { task: TaskView }) {
  const { item, state, bytes, message, read } = useWhole(task);
  if (task.status === 'skipped') return <p className="text-sm">Skipped: {task.why}</p>;
  if (state !== 'whole') return <LongValueNote state={state} bytes={bytes} message={message} onRead={read} />;
  return (
    <>
      {item.outputs !== undefined && <DetailBlock title="Outputs" value={item.outputs} />}
      <DetailBlock title="Inputs" value={item.inputs} />
    </>
  );
}

function AskedValues({ asked: { ask, answer, endedAt } }: { asked: AskedView }) {
  const { about, title, text, node: _node, hash: _hash, ...asked } = ask;
  return (
    <>
      {answer !== undefined && <DetailBlock title="Answer" value={answer} />}
      {answer === undefined && endedAt !== undefined && <p className="text-sm">Nobody answered in time: that counts as no.</p>}
      <p className="text-sm">{title}</p>
      {text !== undefined && <Markdown text={text} />}
      <DetailBlock title="Question" value={asked} note={aboutWords[about]} />
    </>
  );
}

const aboutWords = { call: 'may it be called so?', step: 'may the flow go on?', outcome: 'did it happen?' };

function RunValues() {
  const { view } = useRunView();
  return (
    <>
      {view.failure && <FailureNote failure={view.failure} />}
      <DetailBlock title="Outputs" value={view.outputs} />
      <DetailBlock title="Inputs" value={view.inputs} />
    </>
  );
}
