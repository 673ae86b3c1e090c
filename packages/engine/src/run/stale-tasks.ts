/**
 * Which tasks of a plan cannot use what another run recorded. A task keeps its results where all that makes them is as it was: its kind, config and
 * policy, what it was granted and what that was granted in turn, the flows that these run, where its inputs come from, and all of that for each
 * source. Titles are not compared for the task itself: a call that differs is made anew in any case.
 */
import { stableText, type Json, type JsonObject } from '@switchyard/shared';
import type { Registry } from '../node.ts';
import type { Plan, PlanBody, PlanCallee, PlanFlow, PlanTask } from '../plan.ts';

/** A plan with the inputs it ran on, or is to run on. */
export interface PlannedRun {
  plan: Plan;
  inputs: JsonObject;
}

/** Ids of the tasks of `now` that are not as they were in `before`, or depend on one that is not. */
export function staleTasks(before: PlannedRun, now: PlannedRun, registry: Registry): Set<string> {
  const earlier = new Map(before.plan.tasks.map((task) => [task.id, task]));
  const sameInputs = stableText(before.inputs) === stableText(now.inputs);
  const changed = now.plan.tasks.filter((task) => {
    const old = earlier.get(task.id);
    if (!old || contentOf(task, now.plan) !== contentOf(old, before.plan)) return true;
    return !sameInputs && registry.get(task.kind)?.role === 'entry';
  });
  return withFollowers(now.plan, new Set(changed.map(({ id }) => id)));
}

/** The tasks and all that depends on them. */
export function withFollowers(plan: Plan, ids: ReadonlySet<string>): Set<string> {
  const reached = new Set(ids);
  // Tasks stand in topological order: a source comes before what it leads to.
  for (const task of plan.tasks) if (sourcesOf(task, plan).some((source) => reached.has(source))) reached.add(task.id);
  return reached;
}

/** The tasks that a task depends on. */
export function sourcesOf(task: PlanTask, plan: Plan): string[] {
  return Object.values(task.inputs).flatMap(({ sources }) => sources.map((source) => (plan.tasks[source.task] as PlanTask).id));
}

function contentOf(task: PlanTask, plan: Plan): string {
  const { kind, config, policy, flow, grants } = task;
  const inputs = Object.entries(task.inputs).map(([port, { sources, required, collects }]) => ({
    port,
    required,
    ...(collects && { collects }),
    sources: sources.map((source) => `${(plan.tasks[source.task] as PlanTask).id}.${source.port}`),
  }));
  const parts = { kind, config, grants, inputs, ...(policy && { policy }), ...(flow !== undefined && { flow }), ...reachOf(task, plan) };
  return stableText(parts as unknown as Json);
}

/** Every node that the task may call and every flow that it may run, however far down. */
function reachOf(task: PlanTask, plan: Plan): { callees: Record<string, PlanCallee>; flows: Record<string, PlanFlow> } {
  const callees: Record<string, PlanCallee> = {};
  const flows: Record<string, PlanFlow> = {};
  const open: { node: PlanCallee; body: PlanBody; place: string }[] = [{ node: task, body: plan, place: '' }];
  for (let at = open.pop(); at; at = open.pop()) {
    const { node, body, place } = at;
    for (const { node: id } of node.grants) {
      const callee = body.callees[id];
      if (!callee || Object.hasOwn(callees, `${place}${id}`)) continue;
      callees[`${place}${id}`] = callee;
      open.push({ node: callee, body, place });
    }
    const name = node.flow;
    const flow = name === undefined ? undefined : plan.flows?.[name];
    if (name === undefined || !flow || Object.hasOwn(flows, name)) continue;
    flows[name] = flow;
    for (const inner of flow.tasks) open.push({ node: inner, body: flow, place: `${name}/` });
  }
  return { callees, flows };
}
