/** Pins: outputs that a node gives instead of being run. They belong to this browser, never to the document. */
import type { Flow, JsonObject, SeedRequest, TaskView } from '@switchyard/shared';
import type { Refusal } from '../editor/action.ts';
import { setPin } from '../editor/session.ts';
import { sayDone, sayFailed } from '../ui/messages.ts';
import { documentTitleOf } from '../node-title.ts';
import { editor, session, useEditor, useRemembered } from '../use-editor.ts';
import { serverRuns } from './run-source.ts';
import { runStore } from './run-store.ts';
import { putBack, readParts } from './whole-values.ts';

type Pins = Readonly<Record<string, JsonObject>>;

const noPins: Pins = {};
/** A run is started with its pins: more would make every start slow. */
const mostBytes = 500_000;

function pinsOf(flowId: string): Pins {
  return session.getState().pins[flowId] ?? noPins;
}

/** The pins of nodes that the flow still has and runs as steps, without those named. */
export function pinsFor(flow: Flow, flowId: string, without: readonly string[] = []): Record<string, JsonObject> {
  const steps = editor.state().derived.levels.get(undefined)?.steps;
  const isStep = (id: string) => Object.hasOwn(flow.nodes, id) && (steps === undefined || steps.has(id));
  return Object.fromEntries(Object.entries(pinsOf(flowId)).filter(([id]) => isStep(id) && !without.includes(id)));
}

/** The pins as part of a start; nothing where there are none. */
export function pinnedSeed(flow: Flow, flowId: string): { seed?: SeedRequest } {
  const pins = pinsFor(flow, flowId);
  return Object.keys(pins).length === 0 ? {} : { seed: { pins } };
}

/** Whether the node of the document itself is pinned. */
function isPinned(node: string): boolean {
  const { flowId } = editor.state();
  return flowId !== undefined && Object.hasOwn(pinsOf(flowId), node);
}

/** The same for components. */
export function useIsPinned(node: string): boolean {
  const flowId = useEditor((state) => (state.frozen ? undefined : state.flowId));
  return useRemembered((remembered) => flowId !== undefined && Object.hasOwn(remembered.pins[flowId] ?? noPins, node));
}

/** The same for a node on the canvas: within the flows of a document none can be pinned. */
export function useIsCardPinned(node: string): boolean {
  const isPinnedThere = useIsPinned(node);
  return useEditor((state) => state.level.length === 0) && isPinnedThere;
}

/** Ids of the pinned nodes of the document, in its order. */
export function usePinned(): readonly string[] {
  const flow = useEditor((state) => state.document);
  const pins = usePins();
  return Object.keys(flow.nodes).filter((id) => Object.hasOwn(pins, id));
}

/** Takes every pin of the open flow away. */
export function unpinAll(nodes: readonly string[]): void {
  const { flowId } = editor.state();
  if (flowId === undefined) return;
  const before = pinsOf(flowId);
  for (const node of nodes) setPin(session, flowId, { node, outputs: undefined });
  sayDone('Every node is run again.', () => {
    for (const [node, outputs] of Object.entries(before)) setPin(session, flowId, { node, outputs });
  });
}

function usePins(): Pins {
  const flowId = useEditor((state) => state.flowId);
  return useRemembered((remembered) => (flowId === undefined ? noPins : (remembered.pins[flowId] ?? noPins)));
}

/** The task of a node of the flow itself in the run on screen, where it has given outputs. */
function taskWithOutputs(node: string): TaskView | undefined {
  const { view, flowId } = runStore.getState();
  if (flowId !== editor.state().flowId) return undefined;
  const task = view.tasks.get(node);
  return task?.status === 'done' && task.outputs ? task : undefined;
}

/** Its outputs, long ones read whole. */
async function wholeOutputs(task: TaskView): Promise<JsonObject> {
  const { run } = runStore.getState().view;
  const parts = await readParts(serverRuns, run, task.abridged ?? []);
  return putBack(task, parts).outputs ?? {};
}

/** Why the outputs of a node of the open flow cannot be pinned, and what to do; undefined where they can, or are. */
export function whyNoPin(node: string): Refusal | undefined {
  const { level, here } = editor.state();
  if (level.length > 0) return ['A node within a flow cannot be pinned.', 'The flow may run many times. Pin the node that runs it.'];
  const title = documentTitleOf(node);
  if (here.onCall.has(node) && !here.steps.has(node))
    return [`"${title}" is only called, so it has no outputs to pin.`, 'It gives what each call asks for. Pin the node that calls it.'];
  if (!here.steps.has(node)) return [`"${title}" has no outputs to pin.`, 'It has no link, so it is not run. Wire it first.'];
  return isPinned(node) || taskWithOutputs(node) ? undefined : noOutputs(node);
}

function noOutputs(node: string): Refusal {
  return [`"${documentTitleOf(node)}" has no outputs on screen to pin.`, 'Run the flow, or open a run in which it was done.'];
}

/** Pins what the node gave in the run on screen, or takes its pin away. */
export async function togglePin(node: string): Promise<void> {
  const { flowId } = editor.state();
  if (flowId === undefined) return;
  if (isPinned(node)) {
    const outputs = pinsOf(flowId)[node];
    setPin(session, flowId, { node, outputs: undefined });
    sayDone(`"${documentTitleOf(node)}" is run again.`, () => setPin(session, flowId, { node, outputs }));
    return;
  }
  const task = taskWithOutputs(node);
  if (!task) sayFailed(...noOutputs(node));
  else await pin(node, await wholeOutputs(task));
}

async function pin(node: string, outputs: JsonObject): Promise<void> {
  const { flowId } = editor.state();
  if (flowId === undefined) return;
  if (JSON.stringify(outputs).length > mostBytes) {
    sayFailed(
      `The outputs of "${documentTitleOf(node)}" are too long to pin.`,
      'Up to 500 kB can be pinned. Begin a run from here instead: it keeps what came before.',
    );
    return;
  }
  setPin(session, flowId, { node, outputs });
  sayDone(`"${documentTitleOf(node)}" gives these outputs from now on, without being run.`, () => setPin(session, flowId, { node, outputs: undefined }));
}
