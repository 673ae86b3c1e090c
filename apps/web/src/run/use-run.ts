/** The run on screen as components read it. Each hook draws again only when what it gives has changed. */
import type { CallView, PlanView, RunView, TaskView, Usage } from '@switchyard/shared';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { failuresAt, type BodyFailures } from './body-failures.ts';
import { useOpenBody, usePlace } from './open-body.ts';
import { pairName, type RunIndex } from './run-index.ts';
import { bodyOfTask, placeOf } from './run-places.ts';
import { runStore, type RunState } from './run-store.ts';

/** Any part of the run's state; the part must be a value that is replaced when it changes, not the view. */
export function useRunState<T>(select: (state: RunState) => T): T {
  return useStore(runStore, select);
}

/** The whole folded view; draws again with every batch of events. Changed in place: derive from `version`, not from its identity. */
export function useRunView(): { view: RunView; version: number } {
  const version = useRunState((state) => state.version);
  return { view: runStore.getState().view, version };
}

/** The run's status; `starting` until the first event. */
export function useRunStatus(): RunView['status'] | 'starting' {
  return useRunState(runStatus);
}

/** The same outside components. */
export function runStatus(state: RunState): RunView['status'] | 'starting' {
  if (state.refusal) return 'none';
  return state.isStarting || (state.mode !== 'none' && state.view.status === 'none') ? 'starting' : state.view.status;
}

/** The run on screen, where it has ended. */
export function endedRun(): string | undefined {
  const { run, endedAt, status } = runStore.getState().view;
  return run !== '' && endedAt !== undefined && status !== 'waiting' ? run : undefined;
}

/** Whether a run is on its way, so that Run reads Stop. */
export function useIsRunning(): boolean {
  return useRunState((state) => ['starting', 'running', 'waiting'].includes(runStatus(state)));
}

/** Whether more of the run is to come: of one that is on its way, or that has ended and is still being read. */
export function useIsUnfolding(): boolean {
  const isReading = useRunState((state) => state.isReading);
  return useIsRunning() || isReading;
}

/** The task of a node of the open flow, as a copy that changes with each event that concerns the node. */
export function useTask(node: string): TaskView | undefined {
  const { place, stamp } = useStampedPlace(node);
  return useMemo(() => {
    const task = runStore.getState().view.tasks.get(place ?? '');
    return stamp === undefined || !task ? undefined : { ...task };
  }, [place, stamp]);
}

/** The calls that the node's task made, in the order they started: a new list with each event that concerns the node, of calls that change in place. */
export function useCallsBy(node: string): CallView[] {
  const { place, stamp } = useStampedPlace(node);
  return useMemo(() => {
    const { view } = runStore.getState();
    const task = view.tasks.get(place ?? '');
    return stamp === undefined || !task ? noCalls : pick(view, task.calls);
  }, [place, stamp]);
}

/** The same of the calls made to a node, by itself or by those granted it. */
export function useCallsTo(node: string): CallView[] {
  const { place, stamp } = useStampedPlace(node);
  return useMemo(() => {
    const { view, index } = runStore.getState();
    return stamp === undefined ? noCalls : pick(view, index.callsTo.get(place ?? '') ?? []);
  }, [place, stamp]);
}

/** How often the flow that the node runs has failed; undefined where it never did. */
export function useBodyFailures(node: string): BodyFailures | undefined {
  const { place, stamp } = useStampedPlace(node);
  return useMemo(() => (stamp === undefined ? undefined : failuresAt(runStore.getState().index, place ?? '')), [place, stamp]);
}

/** The latest plan of a control node, as a copy that changes with each event that concerns the node. */
export function usePlan(node: string): PlanView | undefined {
  const { place, stamp } = useStampedPlace(node);
  return useMemo(() => {
    const { view } = runStore.getState();
    const plan = stamp === undefined ? undefined : [...view.plans.values()].findLast((each) => placeOf(planBody(view, each), each.node) === place);
    return plan && { ...plan, steps: plan.steps.map((step) => ({ ...step })) };
  }, [place, stamp]);
}

/** The body in which a control node planned. */
function planBody(view: RunView, { task }: PlanView): string {
  const of = view.tasks.get(task);
  return of ? bodyOfTask(of) : '';
}

const noPlans: PlanView[] = [];

/** The latest plan of each conversation, in the order they were made; new copies with each event of a run that has any. */
export function usePlans(): PlanView[] {
  const stamp = useRunState(({ view, version }) => (view.plans.size > 0 ? version : -1));
  return useMemo(
    () => (stamp < 0 ? noPlans : [...runStore.getState().view.plans.values()].map((plan) => ({ ...plan, steps: plan.steps.map((step) => ({ ...step })) }))),
    [stamp],
  );
}

/** The plans of control nodes of the open flow. */
export function useOpenPlans(): PlanView[] {
  const plans = usePlans();
  const body = useOpenBody();
  return useMemo(() => plans.filter((plan) => planBody(runStore.getState().view, plan) === body), [plans, body]);
}

/** What the node asks a person, by itself or in a flow that it runs; undefined while it asks nothing. */
export function useQuestion(node: string): string | undefined {
  const place = usePlace(node);
  return useRunState(({ index, version }) => {
    if (version < 0 || index.waits.size === 0 || place === undefined) return undefined;
    return [...index.waits.values()].find((wait) => wait.question !== undefined && wait.places.includes(place))?.question;
  });
}

/** Keys of the questions that the run on screen asks a person, one on each line. */
export function useQuestionKeys(): string {
  return useRunState(({ index, version }) =>
    version < 0 || index.waits.size === 0 ? '' : [...index.waits].flatMap(([key, { question }]) => (question === undefined ? [] : [key])).join('\n'),
  );
}

/** Events that the run on screen waits for, and the nodes of the flow itself that do by event, in the order they were first waited for. */
export function useAwaitedEvents(): Map<string, string[]> {
  const text = useRunState(({ index, version }) =>
    version < 0 ? '' : JSON.stringify([...index.waits.values()].flatMap(({ event, node }) => (event === undefined ? [] : [[event, node]]))),
  );
  return useMemo(() => {
    const events = new Map<string, string[]>();
    for (const [event, node] of text === '' ? [] : (JSON.parse(text) as [string, string][])) {
      const nodes = events.get(event) ?? [];
      if (!nodes.includes(node)) nodes.push(node);
      events.set(event, nodes);
    }
    return events;
  }, [text]);
}

/** Whether a call from one node to another is in flight: what lights a tether. */
export function useIsCalling(caller: string, called: string): boolean {
  const body = useOpenBody();
  return useRunState(({ index }) => body !== undefined && index.inFlight.has(pairName(placeOf(body, caller), placeOf(body, called))));
}

export interface RunFigures {
  /** From the first event to the last seen, or to now while it runs; ms. */
  ms: number;
  turns: number;
  /** All calls that were made but the turns' own. */
  calls: number;
  usage: Usage;
}

/** The run's figures so far; `now` in ms since the epoch counts the time of a run that is still going. */
export function runFigures(view: RunView, { turns, refused }: Pick<RunIndex, 'turns' | 'refused'>, now: number): RunFigures {
  const end = view.endedAt ?? (view.status === 'running' ? Math.max(now, view.at) : view.at);
  const ms = view.startedAt === 0 ? 0 : Math.max(0, end - view.startedAt);
  return { ms, turns: turns.size, calls: view.calls.size - turns.size - refused.size, usage: view.usage };
}

const noCalls: CallView[] = [];

/** Where the node of the open flow stands in the run, and what changes with each event that concerns it. */
function useStampedPlace(node: string): { place: string | undefined; stamp: string | undefined } {
  const place = usePlace(node);
  const stamp = useRunState(({ index, view }) => {
    const count = place === undefined ? undefined : index.stamps.get(place);
    return count === undefined ? undefined : `${view.run}/${count}`;
  });
  return { place, stamp };
}

function pick(view: RunView, keys: readonly string[]): CallView[] {
  return keys.flatMap((key) => {
    const call = view.calls.get(key);
    return call ? [call] : [];
  });
}
