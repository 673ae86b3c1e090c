/** Asks a person whether a plan may be carried out. */
import type { Json, PlannedStep } from '@switchyard/shared';
import { approvalSeconds, askPerson, type Context, type Step } from '../../../../node.ts';
import type { PlanStep } from './plan-document.ts';

/** Why it may not, as a sentence; undefined where it may. One plan is asked about in a turn. */
export function* rejectionOf(steps: readonly PlanStep[], shown: readonly PlannedStep[], turn: Context): Step<string | undefined> {
  const lines = shown.map(({ id, title, node, operation, needs }, index) => {
    const what = node === undefined ? operation : `${node}.${operation}`;
    const after = needs.length > 0 ? `, after ${needs.join(', ')}` : '';
    return `${index + 1}. **${plain(title)}** (${id}): \`${what}\`${after}`;
  });
  const question = {
    about: 'step' as const,
    title: `Carry out a plan of ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}?`,
    text: lines.join('\n'),
    arguments: steps as unknown as Json,
  };
  const heard = yield* askPerson({ question, seconds: approvalSeconds }, turn, '.plan');
  if (heard.choice === 'approve') return undefined;
  const reason = 'reason' in heard ? heard.reason.trim() : '';
  return heard.choice === 'none' ? `Its approval was asked for, and ${reason}.` : `A person rejected it: ${reason || 'no reason was given.'}`;
}

/** A title comes from a model: it must not pass for more than a title. */
function plain(title: string): string {
  return title.replaceAll(/[*_`[\]<>#\\\n\r]/g, ' ').trim();
}
