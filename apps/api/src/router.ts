/** Every procedure by name. The browser imports the type alone. */
import { examplesRouter } from './routers/examples-router.ts';
import { flowsRouter } from './routers/flows-router.ts';
import { runsRouter } from './routers/runs-router.ts';
import { workspaceRouter } from './routers/workspace-router.ts';
import { router } from './trpc.ts';

export const appRouter = router({ flows: flowsRouter, runs: runsRouter, workspace: workspaceRouter, examples: examplesRouter });

export type AppRouter = typeof appRouter;

export type { Example } from './application.ts';
export type { FlowSummary, StoredFlow } from './db/flows.ts';
export type { Abilities } from './flow-abilities.ts';
export type { RunSummary, StoredRun } from './work/runner-interface.ts';
export type { ConnectionCheck, ModelCheck, ModelOrigin, WorkspaceView } from './workspace/live-workspace.ts';
