/** Everyone who does the job, in the order of the tables. Loaded one at a time: what one imports must not weigh on another. */
import type { Prepare } from '../job.ts';

export const contestants: Readonly<Record<string, () => Promise<Prepare>>> = {
  'fetch loop': async () => (await import('./fetch-loop.ts')).prepare,
  'dispatch loop': async () => (await import('./dispatch-loop.ts')).prepare,
  'switchyard memory': async () => (await import('./switchyard.ts')).prepareInMemory,
  'switchyard sqlite': async () => (await import('./switchyard.ts')).prepareDurable,
  'ai sdk': async () => (await import('./ai-sdk.ts')).prepare,
  langgraph: async () => (await import('./langgraph.ts')).prepare,
  mastra: async () => (await import('./mastra.ts')).prepare,
};
