/** Plan + inputs + RunPort -> events and outputs; and what a run may be begun from. */
export { runPlan, type RunOptions } from './interpreter.ts';
export { checkPins, cutPlan, makeSeed, taskOf, type RecordedRun } from './seed.ts';
export { createReplay, type Divergence, type RecordedEnd, type Replay } from './replay.ts';
export type { PlannedRun } from './stale-tasks.ts';
export { firstRequest, type FirstRequest } from './first-request.ts';
