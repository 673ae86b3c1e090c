/** Shows the code to a person before it runs, where the node asks for that; the run waits for the answer. */
import { failure, type Ask, type Failure } from '@switchyard/shared';
import type { Context, Step } from '../../../../node.ts';

/** Undefined where the person lets it run, else what the model is told. Throws the FailureError of a wait that lapsed. */
export function* approveCode(code: string, context: Context): Step<Failure | undefined> {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const ask: Ask = {
    about: 'step',
    title: `Run this code of "${context.title}"?`,
    text: `${fence}js\n${code}\n${fence}`,
    node: context.node,
  };
  const answer = yield* context.wait({ ask }, '.approval');
  const { choice, reason } = answer as { choice?: string; reason?: string };
  if (choice === 'approve') return undefined;
  const why = typeof reason === 'string' && reason.trim() !== '' ? ` The reason: ${reason}` : '';
  return failure('code-rejected', `The code was not run: a person rejected it.${why}`);
}
