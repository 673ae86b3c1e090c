/** Open questions to people: those of the run on screen, whole, and those of all runs. */
import { useQuery } from '@tanstack/react-query';
import type { Answer, OpenWait } from '@switchyard/shared';
import { useEffect, useMemo, useRef } from 'react';
import { api, queries, queryClient } from '../../api/client.ts';
import { useQuestionKeys, useRunState } from '../use-run.ts';

/** An answer given elsewhere, and a question of a run that nobody watches here, are seen this late at most. */
const inboxMs = 10_000;
/** A question may be told of a moment before it can be asked for. */
const missingMs = 400;
const none: readonly OpenWait[] = [];

/** Questions of the run on screen. One that was answered, here or elsewhere, goes with the event that tells so. */
export function useRunQuestions(): readonly OpenWait[] {
  const run = useRunState((state) => (state.version >= 0 ? state.view.run : ''));
  const keys = useQuestionKeys();
  const { data = none } = useQuery({
    ...queries.runs.questions.queryOptions({ run }),
    enabled: run !== '' && keys !== '',
    staleTime: 0,
    refetchInterval: (query) => (isAllThere(keys, query.state.data) ? false : missingMs),
  });
  const seen = useRef('');
  useEffect(() => {
    if (seen.current === keys) return;
    seen.current = keys;
    refreshQuestions();
  }, [keys]);
  return useMemo(() => {
    const open = new Set(keys.split('\n'));
    return data.filter((question) => question.run === run && open.has(question.key));
  }, [data, keys, run]);
}

/** Questions of all runs, the oldest first. */
export function useAllQuestions(): readonly OpenWait[] {
  const { data = none } = useQuery({ ...queries.runs.questions.queryOptions(), refetchInterval: inboxMs });
  return data;
}

/** Answers. False where another answer came first. */
export async function answerQuestion({ run, key }: OpenWait, answer: Answer): Promise<boolean> {
  try {
    return (await api.runs.answer.mutate({ run, key, answer })).accepted;
  } finally {
    refreshQuestions();
  }
}

function refreshQuestions(): void {
  void queryClient.invalidateQueries({ queryKey: queries.runs.questions.queryKey() });
}

function isAllThere(keys: string, data: readonly OpenWait[] | undefined): boolean {
  return keys.split('\n').every((key) => data?.some((question) => question.key === key));
}
