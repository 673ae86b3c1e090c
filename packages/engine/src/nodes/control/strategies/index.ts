/** The strategies of the control node, one file each. */
import type { Desk, Strategy } from './strategy.ts';
import { toolStrategy } from './tools.ts';

export const strategyNames = ['tools'] as const;
export type StrategyName = (typeof strategyNames)[number];

export const strategies: Record<StrategyName, (desk: Desk) => Strategy> = { tools: toolStrategy };
