/** What happens once when the window opens: the session, the names of the workspace, the flow that was open last. */
import { api, queries, queryClient } from '../api/client.ts';
import { httpStatusOf, messageOf } from '../api/api-error.ts';
import { openSession } from '../api/session.ts';
import { createFlow, lastFlow, lastLevel, openFlow } from '../browser-flows.ts';
import { workspaceNames } from '../editor/workspace-names.ts';
import { preloadParts } from '../ui/lazy-part.ts';
import { sayFailed } from '../ui/messages.ts';
import { editor } from '../use-editor.ts';

/** Opens what there is to open. Failures are told; without a session the gate stands before everything anyway. */
export async function boot(): Promise<void> {
  keep(queries.workspace.get.queryKey(), (names: Parameters<typeof workspaceNames>[0]) => editor.setWorkspace(workspaceNames(names)));
  try {
    await openSession();
    const [flows, names] = await Promise.all([
      queryClient.fetchQuery(queries.flows.list.queryOptions()),
      queryClient.fetchQuery(queries.workspace.get.queryOptions()),
    ]);
    editor.setWorkspace(workspaceNames(names));
    const last = lastFlow();
    const chosen = flows.find((flow) => flow.id === last) ?? flows[0];
    if (chosen) await openFlow(chosen.id, lastLevel(chosen.id));
    else await openFirstExample();
  } catch (error) {
    if (httpStatusOf(error) !== 401) sayFailed('Switchyard could not open.', messageOf(error));
  }
  setTimeout(() => void preloadParts(), 1000);
}

async function openFirstExample(): Promise<void> {
  const [example] = await api.examples.list.query();
  await createFlow(example?.flow);
}

/** Whoever asks the server for this, the editor learns the answer. */
function keep<Answer>(queryKey: readonly unknown[], learn: (answer: Answer) => void): void {
  let known: unknown;
  const key = JSON.stringify(queryKey);
  queryClient.getQueryCache().subscribe(({ type, query }) => {
    if (type !== 'updated' || JSON.stringify(query.queryKey) !== key || query.state.status !== 'success') return;
    if (query.state.data === known) return;
    known = query.state.data;
    learn(known as Answer);
  });
}
