/**
 * Runs code that a model wrote: in the sandbox until it waits for calls, these side by side, then the code from its start with their answers, until it ends.
 *
 * 1. What the code does follows from the answers alone: a resumed run goes through the same passes, each recorded under its own key.
 * 2. Its calls pass the one place where operations are called: checked, counted, approved. What is refused there is thrown in the code.
 * 3. What was read while the code was being mended is not read again: the same read has the answer that it had.
 */
import { FailureError, failure, type Json, type JsonObject, type SandboxAnswer, type SandboxCall } from '@switchyard/shared';
import type { Context, Step } from '../../../../node.ts';
import type { TurnCalls } from '../../operations/operation-calls.ts';
import type { KeptResults } from '../../results/kept-results.ts';
import { keptFunction, type CodeApi } from './code-api.ts';

/** What code is run with. */
export interface CodeRun {
  api: CodeApi;
  kept: KeptResults;
  calls: TurnCalls;
  /** Keys of its passes begin here, and those of its calls. */
  context: Context;
  /** That key below the turn. */
  under: string;
  /** Answers of reads so far, by call; grows. */
  known: Map<string, SandboxAnswer>;
  /** Calls that were made, in order, for whoever must know after a failure; grows. */
  made: { name: string; isFailed: boolean; edited?: JsonObject }[];
}

/** What the code gave. Throws a FailureError where it failed, or a limit was reached. */
export function* runCode(code: string, run: CodeRun): Step<{ result: Json; logs: string[] }> {
  const { context, api } = run;
  const fixed = { functions: api.functions, now: context.now(), seed: Math.floor(context.random() * 2 ** 32) };
  const rounds: SandboxAnswer[][] = [];
  const mostRounds = context.limits.toolCalls;
  while (rounds.length <= mostRounds) {
    const { pending, ...ended } = yield* context.sandbox({ code, inputs: {}, calls: { ...fixed, rounds: [...rounds] } }, `.pass.${rounds.length}`);
    if (!pending) return ended;
    rounds.push(yield* answerRound(pending, run));
  }
  throw new FailureError(
    failure('code-too-long', `The code was stopped: it called ${mostRounds} times one after the other. Make calls side by side, or ask for more in each.`),
  );
}

const identityOf = (call: SandboxCall) => `${call.name} ${call.arguments}`;

/** Answers all that the code waits for, in its order; what is asked twice at once is one call. */
function* answerRound(pending: readonly SandboxCall[], run: CodeRun): Step<SandboxAnswer[]> {
  const answers = new Map<string, SandboxAnswer>();
  for (const call of pending) {
    const known = call.name === keptFunction ? keptAnswer(call, run.kept) : run.known.get(identityOf(call));
    if (known) answers.set(identityOf(call), known);
  }
  const open = distinctReads(
    pending.filter((call) => !answers.has(identityOf(call))),
    run.api,
  );
  const made = yield* makeCalls(open, run);
  const writes = new Map<SandboxCall, SandboxAnswer>();
  open.forEach((call, index) => {
    const answer = made[index] as SandboxAnswer;
    if (isRead(call, run.api)) answers.set(identityOf(call), answer);
    else writes.set(call, answer);
  });
  return pending.map((call) => (writes.get(call) ?? answers.get(identityOf(call))) as SandboxAnswer);
}

function* makeCalls(open: readonly SandboxCall[], { api, calls, under, known, made }: CodeRun): Step<SandboxAnswer[]> {
  if (open.length === 0) return [];
  const outcomes = yield* calls.make(
    open.map((call) => ({ name: api.tools.get(call.name)?.name ?? call.name, args: call.arguments })),
    { under },
  );
  return outcomes.map((outcome, index) => {
    const call = open[index] as SandboxCall;
    const isFailed = 'failure' in outcome;
    made.push({ name: call.name, isFailed, ...(!isFailed && outcome.edited && { edited: outcome.edited }) });
    if (isFailed) return { ...call, failure: { code: outcome.failure.code, message: outcome.failure.message } };
    const answer = { ...call, value: outcome.value };
    if (isRead(call, api)) known.set(identityOf(call), answer);
    return answer;
  });
}

function isRead(call: SandboxCall, api: CodeApi): boolean {
  return api.tools.get(call.name)?.operation.effect === 'read';
}

/** Two equal writes are two writes. */
function distinctReads(calls: readonly SandboxCall[], api: CodeApi): SandboxCall[] {
  const seen = new Set<string>();
  return calls.filter((call) => {
    if (!isRead(call, api)) return true;
    const isNew = !seen.has(identityOf(call));
    seen.add(identityOf(call));
    return isNew;
  });
}

function keptAnswer(call: SandboxCall, kept: KeptResults): SandboxAnswer {
  const all = kept.all();
  const id = JSON.parse(call.arguments) as Json;
  if (typeof id === 'string' && Object.hasOwn(all, id)) return { ...call, value: all[id] as Json };
  const there = Object.keys(all).join(', ') || 'none';
  const message = `No result is kept as ${call.arguments.slice(0, 60)}. There are: ${there}.`;
  return { ...call, failure: { code: 'result-unknown', message } };
}
