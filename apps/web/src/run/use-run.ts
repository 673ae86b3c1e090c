/** The run on screen as components read it. Each hook draws again only when what it gives has changed. */
import type { CallView, PlanView, RunView, TaskView, Usage } from '@switchyard/shared';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { isTurnCall } from './call-key.ts';
import { pairName } from './run-index.ts';
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

/** Whether a run is on its way, so that Run reads Stop. */
export function useIsRunning(): boolean {
  return useRunState((state) => ['starting', 'running', 'waiting'].includes(runStatus(state)));
}

/** The latest task of a node, as a copy that changes with each event that concerns the node. */
export function useTask(node: string): TaskView | undefined {
  const stamp = useNodeStamp(node);
  return useMemo(() => {
    const { view, index } = runStore.getState();
    const task = view.tasks.get(index.tasks.get(node)?.at(-1) ?? '');
    return stamp === undefined || !task ? undefined : { ...task };
  }, [node, stamp]);
}

/** The calls that the node's latest task made, in the order they started. */
export function useCallsBy(node: string): CallView[] {
  const stamp = useNodeStamp(node);
  return useMemo(() => {
    const { view, index } = runStore.getState();
    const task = view.tasks.get(index.tasks.get(node)?.at(-1) ?? '');
    return stamp === undefined || !task ? noCalls : pick(view, task.calls);
  }, [node, stamp]);
}

/** The calls made to a node, by itself or by those granted it, in the order they started. */
export function useCallsTo(node: string): CallView[] {
  const stamp = useNodeStamp(node);
  return useMemo(() => {
    const { view, index } = runStore.getState();
    return stamp === undefined ? noCalls : pick(view, index.callsTo.get(node) ?? []);
  }, [node, stamp]);
}

/** The latest plan of a control node, as a copy that changes with each event that concerns the node. */
export function usePlan(node: string): PlanView | undefined {
  const stamp = useNodeStamp(node);
  return useMemo(() => {
    const plan = stamp === undefined ? undefined : [...runStore.getState().view.plans.values()].findLast((each) => each.node === node);
    return plan && { ...plan, steps: plan.steps.map((step) => ({ ...step })) };
  }, [node, stamp]);
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

/** What the node asks a person; undefined while it asks nothing. */
export function useQuestion(node: string): string | undefined {
  return useRunState(({ index, version }) =>
    version < 0 || index.waits.size === 0 ? undefined : [...index.waits.values()].find((wait) => wait.node === node && wait.question !== undefined)?.question,
  );
}

/** Keys of the questions that the run on screen asks a person, one on each line. */
export function useQuestionKeys(): string {
  return useRunState(({ index, version }) =>
    version < 0 || index.waits.size === 0 ? '' : [...index.waits].flatMap(([key, { question }]) => (question === undefined ? [] : [key])).join('\n'),
  );
}

/** Events that the run on screen waits for, and the nodes on the canvas that do by event, in the order they were first waited for. */
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
  return useRunState((state) => state.index.inFlight.has(pairName(caller, called)));
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
export function runFigures(view: RunView, now: number): RunFigures {
  let turns = 0;
  let calls = 0;
  for (const { key, kind } of view.calls.values()) {
    if (isTurnCall(key)) turns += 1;
    else if (kind !== 'refused') calls += 1;
  }
  const end = view.endedAt ?? (view.status === 'running' ? Math.max(now, view.at) : view.at);
  return { ms: view.startedAt === 0 ? 0 : Math.max(0, end - view.startedAt), turns, calls, usage: view.usage };
}

const noCalls: CallView[] = [];

function useNodeStamp(node: string): string | undefined {
  return useRunState((state) => {
    const stamp = state.index.stamps.get(node);
    return stamp === undefined ? undefined : `${state.view.run}/${stamp}`;
  });
}

function pick(view: RunView, keys: readonly string[]): CallView[] {
  return keys.flatMap((key) => {
    const call = view.calls.get(key);
    return call ? [{ ...call }] : [];
  });
}
