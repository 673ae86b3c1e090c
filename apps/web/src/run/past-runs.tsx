/** Earlier runs of the open flow; choosing one shows it as it ran. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { RunSummary } from '@switchyard/api/router';
import type { SeedRequest } from '@switchyard/shared';
import { useEffect } from 'react';
import { queries } from '../api/client.ts';
import { messageOf } from '../api/api-error.ts';
import { classNames } from '../ui/class-names.ts';
import { costText, countText, durationText, momentText } from '../ui/figures.ts';
import { StatusMark } from '../ui/status-mark.tsx';
import { useEditor } from '../use-editor.ts';
import { useAllQuestions } from './questions/use-questions.ts';
import { runTitle } from './run-inputs.ts';
import { runStore } from './run-store.ts';
import { useRunState, useRunStatus } from './use-run.ts';

/** How often is asked for runs under way, which may be another window's. */
const underWayMs = 2000;

/** The newest first. */
export function PastRuns({ onOpen }: { onOpen?: () => void }) {
  const flowId = useEditor((state) => state.flowId);
  const { data, error, isPending } = useQuery({
    ...queries.runs.list.queryOptions({ limit: 50, ...(flowId !== undefined && { flowId }) }),
    enabled: flowId !== undefined,
    // Another window, or a program, may have started one since.
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.some((run) => run.endedAt === undefined) ? underWayMs : false),
  });
  useRefreshAfterRun();
  const questions = useAllQuestions();
  const shown = useRunState((state) => state.view.run);
  if (error) return <p className="p-2 text-xs text-bad">{messageOf(error)}</p>;
  if (isPending) return <p className="p-2 text-xs text-dim">Loading…</p>;
  if (data.length === 0)
    return <p className="p-2 text-xs leading-5 text-dim">No run of this flow yet. Each run is kept with its flow as it was, and can be opened here.</p>;
  return (
    <ul aria-label="Earlier runs" className="space-y-px">
      {data.map((run) => (
        <li key={run.run}>
          <PastRun
            run={run}
            isShown={run.run === shown}
            isAsking={questions.some((question) => question.run === run.run)}
            onOpen={() => {
              void runStore.getState().openPast(run.run);
              onOpen?.();
            }}
          />
        </li>
      ))}
    </ul>
  );
}

function PastRun({ run, isShown, isAsking, onOpen }: { run: RunSummary; isShown: boolean; isAsking: boolean; onOpen: () => void }) {
  const tokens = (run.usage?.inputTokens ?? 0) + (run.usage?.outputTokens ?? 0);
  const figures = [
    seedText(run.seed),
    run.endedAt === undefined ? '' : durationText(run.endedAt - run.startedAt),
    tokens > 0 ? `${countText(tokens)} tokens` : '',
    run.usage?.cost ? costText(run.usage.cost) : '',
  ].filter(Boolean);
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-current={isShown}
      className={classNames('flex w-full items-start gap-2 rounded px-2 py-1 text-left', isShown ? 'bg-run-soft' : 'hover:bg-panel2')}
    >
      <span className="pt-px">
        <StatusMark status={run.status === 'waiting' && !isAsking ? 'resting' : run.status} />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm">{runTitle(run.inputs) || 'No inputs'}</span>
        <span className="block truncate text-xs text-faint tabular-nums">{[momentText(run.startedAt), ...figures].join(' · ')}</span>
      </span>
    </button>
  );
}

/** How it was begun, where not from nothing. */
function seedText(seed: SeedRequest | undefined): string {
  if (!seed) return '';
  if (seed.edits) return 'fork';
  if (seed.of !== undefined) return 'begun from a run';
  return seed.to === undefined ? 'with pins' : 'a part';
}

/** A run that starts or ends changes the list. */
function useRefreshAfterRun(): void {
  const client = useQueryClient();
  const status = useRunStatus();
  const run = useRunState((state) => state.view.run);
  useEffect(() => {
    if (run !== '' && status !== 'none' && status !== 'starting') void client.invalidateQueries({ queryKey: queries.runs.list.queryKey() });
  }, [client, run, status]);
}
