/** The fold of what control nodes mean to do: the steps of their plans, and how far each has come. */
import type { PlannedStep, PlannedStepStatus, RunEvent } from './run-event.ts';

export interface PlannedStepView extends PlannedStep {
  status: PlannedStepStatus | 'queued';
  /** The plan that it came with, from 0. */
  revision: number;
  /** Why it failed or was not run. */
  why?: string;
  startedAt?: number;
  endedAt?: number;
}

export interface PlanView {
  /** Of the conversation. */
  key: string;
  task: string;
  /** The control node that planned. */
  node: string;
  revision: number;
  /** Of all its plans, in order; what a later plan takes up again stands there once. */
  steps: PlannedStepView[];
}

/** Folds one event into the plans, in place. */
export function foldPlan(plans: Map<string, PlanView>, event: Extract<RunEvent, { type: 'plan' | 'plan-step' }>): void {
  const { key, task } = event;
  const before = plans.get(key);
  if (event.type === 'plan') {
    const { node, revision, steps } = event;
    const ids = new Set(steps.map(({ id }) => id));
    const kept = before?.steps.filter(({ id }) => !ids.has(id)) ?? [];
    plans.set(key, { key, task, node, revision, steps: [...kept, ...steps.map((step) => ({ ...step, status: 'queued' as const, revision }))] });
    return;
  }
  const step = before?.steps.find(({ id }) => id === event.step);
  if (!step) return;
  step.status = event.status;
  if (event.status === 'running') step.startedAt = event.at;
  else step.endedAt = event.at;
  if (event.why !== undefined) step.why = event.why;
}
