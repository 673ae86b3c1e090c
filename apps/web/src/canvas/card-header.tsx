/** The upper part of a card: icon, title, state, what it is set to, the size of its model, its problems. */
import { useIsCardPinned } from '../run/pins.ts';
import { Icon } from '../ui/icon.tsx';
import { StatusMark, statusWord } from '../ui/status-mark.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { counted } from '../ui/figures.ts';
import { editor, session, useEditor } from '../use-editor.ts';
import { showInside } from '../editor/show-problem.ts';
import { sizeText } from '../editor/workspace-names.ts';
import type { CardData } from './build-elements.ts';
import { useCanvas } from './canvas-store.ts';
import type { CardRun } from './card-run.ts';
import { useInsideProblems, useProblems } from './use-problems.ts';
import { TitleEdit } from './title-edit.tsx';

interface CardHeaderProps {
  id: string;
  data: CardData;
  run: CardRun | undefined;
}

/** Two lines; below half zoom only the first is shown. */
export function CardHeader({ id, data: { face }, run }: CardHeaderProps) {
  const isRenaming = useCanvas((state) => state.renaming === id);
  return (
    <div className="card-header">
      <span className="card-glyph">
        <Icon name={face.kind?.icon ?? 'box'} />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex h-5 items-center gap-2">
          {isRenaming ? <TitleEdit id={id} title={face.title} /> : <span className="card-title">{face.title}</span>}
          <Problems id={id} />
          <InsideProblems id={id} />
          <Origin id={id} origin={run?.origin} />
          {run && <State run={run} />}
        </div>
        <div className="card-detail flex min-h-4 flex-wrap items-center gap-x-1 leading-4">
          <span className="max-w-full truncate">{face.summary}</span>
          {face.model !== undefined && <Tier model={face.model} />}
        </div>
      </div>
    </div>
  );
}

function State({ run: { status, word, stale } }: { run: CardRun }) {
  if (status === 'idle') return <StatusMark status="idle" size={12} />;
  if (status === 'stale') {
    return (
      <Tooltip text={stale ?? 'It was changed since this result.'} side="top">
        <span>
          <StatusMark status="stale" size={12} hasWord />
        </span>
      </Tooltip>
    );
  }
  if (status === 'waiting') {
    return (
      <span className="inline-flex shrink-0 items-center gap-1 text-xs font-semibold text-warn" title={statusWord(status)}>
        <StatusMark status={status} size={12} />
        <span aria-hidden>Waiting</span>
      </span>
    );
  }
  if (!word) return <StatusMark status={status} size={12} hasWord />;
  return (
    <span className="inline-flex shrink-0 items-center gap-1 text-xs font-semibold text-run">
      <StatusMark status={status} size={12} />
      {word}
      <span className="sr-only">{statusWord(status)}</span>
    </span>
  );
}

/** That its outputs are given, or are those of an earlier run. */
function Origin({ id, origin }: { id: string; origin: CardRun['origin'] }) {
  const isPinned = useIsCardPinned(id);
  if (!isPinned && !origin) return null;
  const isGiven = isPinned || origin === 'pinned';
  const text = isPinned
    ? 'Pinned: it gives the pinned outputs and is not run.'
    : isGiven
      ? 'Its outputs were given: it was not run.'
      : 'From an earlier run: it was not run again.';
  return (
    <Tooltip text={text} side="top">
      <span className={isPinned ? 'text-control' : 'text-dim'}>
        <Icon name={isGiven ? 'pin' : 'history'} size={12} label={text} />
      </span>
    </Tooltip>
  );
}

function Tier({ model }: { model: string }) {
  const known = useEditor((state) => state.workspace.models.find((each) => each.name === model));
  if (!known?.tier || known.gb === undefined) return null;
  const tone = known.tier === 'LLM' ? 'border-control-line text-control' : 'border-data-line text-data';
  return (
    <span className={`shrink-0 rounded border px-1 text-xs leading-3.5 font-semibold whitespace-nowrap ${tone}`}>{`${known.tier} ${sizeText(known.gb)}`}</span>
  );
}

/** That something is wrong in the flow that it runs; pressing it leads there. */
function InsideProblems({ id }: { id: string }) {
  const problems = useInsideProblems(id);
  if (!problems) return null;
  const label = `${counted(problems.count, 'problem')} within: go there`;
  const tone = problems.isError ? 'border-bad/40 text-bad hover:bg-bad-soft' : 'border-warn/40 text-warn hover:bg-warn-soft';
  return (
    <Tooltip text={<span className="whitespace-pre-line">{`Within the flow that it runs:\n${problems.text}`}</span>} side="top">
      <button
        type="button"
        aria-label={label}
        className={`nodrag inline-flex h-4 shrink-0 items-center gap-0.5 rounded border px-0.5 text-xs leading-none font-semibold ${tone}`}
        onClick={(event) => {
          event.stopPropagation();
          session.setState({ isRightOpen: true });
          showInside(editor, id);
        }}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        <Icon name="workflow" size={12} />
        {problems.count}
      </button>
    </Tooltip>
  );
}

function Problems({ id }: { id: string }) {
  const problems = useProblems(id);
  if (!problems) return null;
  return (
    <Tooltip text={<span className="whitespace-pre-line">{problems.text}</span>} side="top">
      <span className={`inline-flex shrink-0 items-center gap-0.5 text-xs font-semibold ${problems.isError ? 'text-bad' : 'text-warn'}`}>
        <Icon name={problems.isError ? 'circle-alert' : 'triangle-alert'} size={12} label={problems.isError ? 'Problems' : 'Warnings'} />
        {problems.count}
      </span>
    </Tooltip>
  );
}
