/** Opening, making and importing flows in this window. What was not yet saved in this browser is found again and takes precedence over what the server holds. */
import { emptyFlow, flowText, stableText, type Flow, type Json } from '@switchyard/shared';
import { api, queries, queryClient } from './api/client.ts';
import { browserDrafts, browserEditor as editor, browserSession as session } from './browser-editor.ts';
import type { StoredFlow } from './editor/autosave.ts';
import { freeName } from './editor/fresh-name.ts';
import { topLevel, type Level } from './editor/levels.ts';

/** Opens a stored flow, at the level given. What was open before is saved first, if the server answers. */
export async function openFlow(id: string, level?: Level): Promise<void> {
  await editor.flush().catch(() => undefined);
  const [stored, draft] = await Promise.all([api.flows.get.query({ id }), browserDrafts.read(id)]);
  show(draft && !isSaved(draft, stored) ? draft : stored, draft !== undefined && !isSaved(draft, stored));
  if (level) editor.openLevel(level);
  if (draft && isSaved(draft, stored)) await browserDrafts.remove(id);
}

/** Stores a new flow and opens it. Gives its id. */
export async function createFlow(flow: Flow = emptyFlow(untitled())): Promise<string> {
  await editor.flush().catch(() => undefined);
  const { id, revision } = await api.flows.create.mutate({ flow });
  show({ id, revision, flow }, false);
  // Also where no list is on screen: what can be brought into a flow depends on it.
  void queryClient.invalidateQueries({ queryKey: queries.flows.list.queryKey(), refetchType: 'all' });
  return id;
}

/** Two new flows are told apart; who calls two of them the same means to. */
function untitled(): string {
  const taken = new Set(queryClient.getQueryData(queries.flows.list.queryKey())?.map((flow) => flow.name));
  return freeName('Untitled flow', (name) => taken.has(name), ' ');
}

/** Keeps what is on screen as a flow of its own and opens that: the way out of a conflict that loses nothing. */
export async function keepAsCopy(): Promise<void> {
  const { document: flow, flowId } = editor.state();
  await createCopy(flow);
  if (flowId !== undefined) await browserDrafts.remove(flowId);
}

/** Stores a flow as one of its own, and opens it. */
export async function createCopy(flow: Flow): Promise<void> {
  await createFlow({ ...flow, name: `${flow.name} (my copy)`.slice(0, 200) });
}

/** Takes what the other saved; what was changed here is given up, unless the caller keeps it. */
export async function takeTheirs(): Promise<void> {
  const { saveState, flowId } = editor.state();
  if (saveState.name !== 'conflict' || flowId === undefined) return;
  show({ id: flowId, ...saveState.theirs }, false);
  await browserDrafts.remove(flowId);
}

/** Canonical text of the open flow, as it is exported. */
export function openFlowText(): string {
  const { requires } = editor.check();
  return flowText({ ...editor.state().document, requires });
}

function show(stored: StoredFlow, isDraft: boolean): void {
  const { id, revision, flow } = stored;
  editor.open({ id, revision, flow }, isDraft);
  session.setState({ lastFlow: id });
  sessionStorage.setItem(tabFlow, id);
}

/** Tabs may have different flows open; a reload gives each its own. */
const tabFlow = 'switchyard.flow';

/** The flow that this tab, or else any tab, had open last. */
export function lastFlow(): string | undefined {
  return sessionStorage.getItem(tabFlow) ?? session.getState().lastFlow;
}

const tabLevel = 'switchyard.level';

editor.store.subscribe(({ flowId, level }, before) => {
  if (level !== before.level || flowId !== before.flowId) sessionStorage.setItem(tabLevel, JSON.stringify({ flowId, level }));
});

/** The level that this tab had open last, if it was of this flow. As much of it as the document still has is opened. */
export function lastLevel(id: string): Level {
  try {
    const { flowId, level } = JSON.parse(sessionStorage.getItem(tabLevel) ?? '{}') as { flowId?: string; level?: Level };
    return flowId === id && Array.isArray(level) ? level : topLevel;
  } catch {
    return topLevel;
  }
}

function isSaved(draft: StoredFlow, stored: StoredFlow): boolean {
  return stableText(draft.flow as Json) === stableText(stored.flow as Json);
}
