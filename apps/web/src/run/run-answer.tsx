/** What the run on screen gives: text as it streams, then its outputs; what it is busy with; why it failed. */
import type { CallView, Json, RunView } from '@switchyard/shared';
import type { ReactNode } from 'react';
import { CopyButton } from '../ui/copy-button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Icon } from '../ui/icon.tsx';
import { Markdown } from '../ui/markdown.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { ValueView } from '../ui/value-view.tsx';
import { useEditor } from '../use-editor.ts';
import { titleInRun } from './body-level.ts';
import { KeptFailuresNote } from './kept-failures-note.tsx';
import { builtinModels } from './builtin-models.ts';
import { FailureCard } from './failure-card.tsx';
import { RefusalCard } from './refusal-card.tsx';
import { busyText, streamingCall } from './run-progress.ts';
import { UnusedEdits } from './unused-edits.tsx';
import { useQuestionKeys, useRunState, useRunStatus, useRunView } from './use-run.ts';

/** The same for a live run and a past one. */
export function RunAnswer() {
  const { view } = useRunView();
  const status = useRunStatus();
  const refusal = useRunState((state) => state.refusal);
  const isConnected = useRunState((state) => state.isConnected);
  if (refusal) return <RefusalCard refusal={refusal} />;
  if (status === 'none') {
    return (
      <EmptyState icon="message-square" title="The answer stands here">
        Fill in the inputs, or take a sample, and press Ctrl+Enter. The draft runs as it is drawn: nothing needs to be saved first.
      </EmptyState>
    );
  }
  const hasOutputs = Object.keys(view.outputs).length > 0;
  return (
    <div className="space-y-3" aria-live="polite" aria-busy={status === 'running' || status === 'starting'}>
      <StatusLine view={view} isConnected={isConnected} />
      {view.failure && <FailureCard view={view} failure={view.failure} />}
      <UnusedEdits />
      <KeptFailuresNote />
      {hasOutputs ? <Outputs view={view} /> : <Streaming call={streamingCall(view)} isOver={view.endedAt !== undefined} />}
      {view.endedAt !== undefined && !hasOutputs && view.status === 'done' && <NoOutput view={view} />}
      <BuiltinNote />
    </div>
  );
}

function StatusLine({ view, isConnected }: { view: RunView; isConnected: boolean }) {
  const index = useRunState((state) => state.index);
  const isAsking = useQuestionKeys() !== '';
  const isOver = view.endedAt !== undefined;
  const outputs = Object.entries(view.outputs);
  const single = outputs.length === 1 ? outputs[0] : undefined;
  return (
    <div className="flex h-5 items-center gap-2 text-xs text-dim">
      <StatusMark status={view.status === 'none' ? 'queued' : view.status === 'waiting' && !isAsking ? 'resting' : view.status} hasWord />
      <span className="min-w-0 flex-1 truncate">
        {isOver ? '' : isConnected ? busyText(view, index, titleInRun) : 'Connection lost: going on as soon as the server answers'}
      </span>
      {single && <CopyOutput name={single[0]} value={single[1]} />}
    </div>
  );
}

/** Where a node failed and the run went on by its policy, that is the likely reason. */
function NoOutput({ view }: { view: RunView }) {
  const failed = [...view.tasks.values()]
    .filter(({ status, parent }) => status === 'failed' && parent === undefined)
    .map(({ task, node }) => titleInRun(task, node));
  return (
    <p className="text-sm text-dim">
      The run is done; no output was reached.
      {failed.length > 0 && ` ${failed.join(', ')} failed, and the run went on, as set under "When it is slow or fails".`}
    </p>
  );
}

function Outputs({ view }: { view: RunView }): ReactNode {
  const outputs = Object.entries(view.outputs);
  return outputs.map(([name, value]) => (
    <section key={name} aria-label={name}>
      {outputs.length > 1 && (
        <header className="flex h-7 items-center gap-2">
          <h2 className="text-xs font-semibold">{name}</h2>
          <CopyOutput name={name} value={value} />
        </header>
      )}
      {typeof value === 'string' ? <Markdown text={value} /> : <ValueView value={value} label={name} />}
    </section>
  ));
}

function CopyOutput({ name, value }: { name: string; value: Json }) {
  return <CopyButton label={`Copy ${name}`} text={() => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))} />;
}

function Streaming({ call, isOver }: { call: CallView | undefined; isOver: boolean }) {
  if (!call || call.text === '') return null;
  return (
    <div className={isOver ? 'text-dim' : ''}>
      <Markdown text={isOver ? call.text : `${call.text}▍`} />
    </div>
  );
}

function BuiltinNote() {
  const models = useEditor((state) => state.workspace.models);
  const { models: asked } = useRunState((state) => state.index);
  const names = builtinModels(asked, models);
  if (names.length === 0) return null;
  return (
    <p className="flex items-start gap-2 text-xs text-dim">
      <Icon name="info" size={14} className="mt-px" />
      <span>
        {names.map((name) => `built-in ${name}`).join(', ')}: no neural network, for trying out and for tests. Add a model under Workspace and choose it in the
        node.
      </span>
    </p>
  );
}
