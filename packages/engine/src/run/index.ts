/** Plan + inputs + RunPort -> events and outputs. */
export { runPlan, type RunOptions } from './interpreter.ts';
