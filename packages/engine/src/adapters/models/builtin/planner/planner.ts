import type { ModelRequest } from '@switchyard/shared';
import { builtinLabel, type Reply } from '../model.ts';
export function planTurn(_request: ModelRequest): Reply {
  return { text: builtinLabel('planner') };
}
