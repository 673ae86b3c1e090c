/**
 * Approval of calls: the operation of a grant is called only once a person has agreed to exactly these arguments.
 *
 * 1. The question has the key of the call and `.approval`: a resumed run asks nobody twice.
 * 2. What was approved is called as it was shown, what was edited as it was edited, once that fits the operation's schema.
 * 3. A rejection is a failure of the call, with the person's reason; so is that nobody answered in time.
 */
import { FailureError, failure, type Failure, type Json, type JsonObject } from '@switchyard/shared';
import { approvalSeconds, askPerson, type Heard } from '../asking.ts';
import type { Context, Operation, Step } from '../node.ts';
import type { PlanGrant } from '../plan.ts';
import { mismatchText, validate } from '../schema.ts';

/** The grant, who was granted it, and what both nodes are called. */
export interface Asking {
  grant: PlanGrant;
  caller: { id: string; title: string };
  callee: { title: string };
}

/** The operation, behind a question to a person. */
export function askBefore(operation: Operation, asking: Asking): Operation {
  return { ...operation, call: (args, context, onEdit) => askThenCall({ operation, asking, args }, context, onEdit) };
}

interface CallToApprove {
  operation: Operation;
  asking: Asking;
  args: JsonObject;
}

function* askThenCall({ operation, asking, args }: CallToApprove, context: Context, onEdit?: (args: JsonObject) => void): Step<Json> {
  const { grant, caller, callee } = asking;
  const name = `${grant.node}.${operation.name}`;
  const question = {
    about: 'call' as const,
    title: `${caller.title} wants to call ${callee.title}: ${operation.name}`,
    text: operation.description,
    node: caller.id,
    operation: name,
    arguments: args,
    schema: operation.input,
  };
  const misfit = (answer: Heard) => (answer.choice === 'edit' ? misfitOf(operation, answer.arguments) : undefined);
  const heard = yield* askPerson({ question, misfit, seconds: grant.approvalSeconds ?? approvalSeconds }, context, '.approval');
  if (heard.choice === 'approve') return yield* operation.call(args, context);
  if (heard.choice !== 'edit') throw new FailureError(rejected(name, heard));
  onEdit?.(heard.arguments);
  return yield* operation.call(heard.arguments, context);
}

function misfitOf({ input }: Operation, args: JsonObject): string | undefined {
  const mismatches = validate(input, args);
  return mismatches.length === 0 ? undefined : `the arguments do not fit: ${mismatchText(mismatches)}`;
}

function rejected(name: string, heard: Heard): Failure {
  const why =
    heard.choice === 'reject' ? `A person rejected it: ${heard.reason.trim() || 'no reason was given.'}` : `Approval was asked for, and ${reasonOf(heard)}.`;
  return failure('call-rejected', `"${name}" was not called. ${why} Do not ask for the same call again; go on without it, or ask for another.`);
}

function reasonOf(heard: Heard): string {
  return heard.choice === 'none' ? heard.reason : 'it was not given';
}
