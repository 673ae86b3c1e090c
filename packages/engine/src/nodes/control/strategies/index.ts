/** The strategies of the control node, one file or folder each. */
import { codeStrategy } from './code/code.ts';
import { planStrategy } from './plan/plan.ts';
import type { Desk, Strategy } from './strategy.ts';
import { toolStrategy } from './tools.ts';

export const strategyNames = ['tools', 'plan', 'code'] as const;
export type StrategyName = (typeof strategyNames)[number];

export const strategies: Record<StrategyName, (desk: Desk) => Strategy> = { tools: toolStrategy, plan: planStrategy, code: codeStrategy };
