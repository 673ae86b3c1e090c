/** Runs that are begun from an earlier one: from a node, of one node, up to a node, from a row of the trace, with an edited result. */
import type { Json, JsonObject, SeedRequest } from '@switchyard/shared';
import { messageOf } from '../api/api-error.ts';
import { documentTitleOf } from '../node-title.ts';
import { sayDone, sayFailed } from '../ui/messages.ts';
import { editor } from '../use-editor.ts';
import { pinsFor } from './pins.ts';
import { readyInputs } from './run-flow.ts';
import { serverRuns } from './run-source.ts';
import { runStore } from './run-store.ts';
import { runStatus } from './use-run.ts';

interface EarlierRun {
  run: string;
  inputs: JsonObject;
}

/** Whether a run may be begun now: none is on its way, and the node runs as a step of the document itself. */
export function canBegin(node: string): boolean {
  const { level, here } = editor.state();
  return canBeginAnew() && level.length === 0 && here.steps.has(node);
}

/** Whether no run is on its way. */
export function canBeginAnew(): boolean {
  return editor.state().flowId !== undefined && !['starting', 'running', 'waiting'].includes(runStatus(runStore.getState()));
}

/** The node and what follows it are run anew, the rest is as in the last run. */
export async function runFromNode(node: string): Promise<void> {
  await begin(async (flowId) => {
    const last = await lastRun(flowId);
    if (!last) sayDone('There is no earlier run of this flow to begin from: all of it is run.');
    return { ...(last && { last, seed: { of: last.run, from: node } }), unpinned: [node] };
  });
}

/** The node alone is run, with what the last run gave it; without one, what it needs is run first. */
export async function runNodeAlone(node: string): Promise<void> {
  await begin(async (flowId) => {
    const last = await lastRun(flowId);
    if (!last) sayDone(`There is no earlier run of this flow: what "${documentTitleOf(node)}" needs is run first.`);
    return { ...(last ? { last, seed: { of: last.run, from: node, only: true as const } } : { seed: { to: node } }), unpinned: [node] };
  });
}

/** The flow is run as far as the node. */
export async function runToNode(node: string): Promise<void> {
  await begin(async () => ({ seed: { to: node } }));
}

/** From a node or call of an earlier run on; what it recorded before that stays. */
export async function runFromKey(run: string, key: string): Promise<void> {
  await begin(async () => ({ seed: { of: run, from: key }, last: await earlier(run), isSameInputs: true, unpinned: [nodeOf(key)] }));
}

/** Goes on where the run failed or was stopped: what it recorded stays where it is not stale, and what ended it is tried again. */
export async function resumeRun(run: string): Promise<void> {
  await begin(async () => ({ seed: { of: run }, last: await earlier(run), isSameInputs: true }));
}

/** The recorded result of a call is another, and what follows from it is run anew. */
export async function forkCall(run: string, key: string, result: Json): Promise<void> {
  await begin(async () => ({ seed: { of: run, edits: { [key]: result } }, last: await earlier(run), isSameInputs: true, unpinned: [nodeOf(key)] }));
}

/** The node of the flow that a call belongs to: where it is pinned it makes no calls. */
function nodeOf(key: string): string {
  return /^[a-z][a-z0-9_]*/.exec(key)?.[0] ?? key;
}

/** A node gives other outputs, this once, and what follows from them is run anew. */
export async function forkTask(run: string, node: string, outputs: JsonObject): Promise<void> {
  await begin(async () => ({ seed: { of: run, pins: { [node]: outputs } }, last: await earlier(run), isSameInputs: true }));
}

interface Wish {
  seed?: SeedRequest;
  last?: EarlierRun;
  /** The inputs are those of the earlier run, whatever is typed now. */
  isSameInputs?: true;
  /** Asked for by name, so they are run although they are pinned. */
  unpinned?: readonly string[];
}

/** The flow as it is drawn now. A past run leaves the screen for the new one. */
async function begin(wish: (flowId: string) => Promise<Wish>): Promise<void> {
  const { flowId } = editor.state();
  if (flowId === undefined) return;
  try {
    const { seed, last, isSameInputs, unpinned } = await wish(flowId);
    if (runStore.getState().mode === 'past') runStore.getState().close();
    const { document: flow } = editor.state();
    const inputs = isSameInputs && last ? last.inputs : readyInputs(flow, flowId, last?.inputs);
    if (!inputs) return;
    const pins = { ...pinsFor(flow, flowId, unpinned), ...seed?.pins };
    const whole = { ...seed, ...(Object.keys(pins).length > 0 && { pins }) };
    await runStore.getState().startRun({ flow, flowId, inputs, ...(Object.keys(whole).length > 0 && { seed: whole }) });
  } catch (error) {
    sayFailed('The run could not be begun.', messageOf(error));
  }
}

/** The run on screen where it is one of the flow and has ended, else the newest that has. */
async function lastRun(flowId: string): Promise<EarlierRun | undefined> {
  const state = runStore.getState();
  const { run, endedAt, status } = state.view;
  if (state.flowId === flowId && run !== '' && endedAt !== undefined && status !== 'waiting') return await earlier(run);
  return (await serverRuns.list(flowId)).find((each) => each.endedAt !== undefined && each.status !== 'waiting');
}

async function earlier(run: string): Promise<EarlierRun> {
  const { inputs } = await serverRuns.get(run);
  return { run, inputs };
}
