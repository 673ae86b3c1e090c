/** Strategy `tools`: the model calls what it was granted, turn by turn, and sees each result before it goes on. */
import type { ToolCall } from '@switchyard/shared';
import type { Context, Step } from '../../../node.ts';
import { describeTools } from '../operations/bound-tools.ts';
import type { Desk, Strategy } from './strategy.ts';

const manners = `You work on a data layer through tools. Call the tools that the request needs; call those side by side that do not depend on one another.
Answer with what the tools returned, and name where each figure comes from. Where the tools cannot tell, say so plainly; never make up a figure.`;

export function toolStrategy(desk: Desk): Strategy {
  const { layer, kept } = desk;
  return {
    manners,
    parts: [],
    tools: () => (kept.size === 0 ? describeTools(layer.tools) : [...describeTools(layer.tools), ...describeTools(kept.tools)]),
    make: (asked, turn) => make(desk, asked, turn),
  };
}

function* make({ calls, kept }: Desk, asked: readonly ToolCall[], turn: Context): Step<string[]> {
  const outcomes = yield* calls.turn(turn).make(asked.map(({ name, arguments: args }) => ({ name, args })));
  return outcomes.map((outcome) => kept.show(outcome));
}
