/** The performer of `sandbox` calls: checks what goes in and what comes out, and says in one sentence why code failed. */
import {
  FailureError,
  failure,
  jsonDepth,
  refusedKeys,
  type Json,
  type SandboxCall,
  type SandboxCalls,
  type SandboxRequest,
  type SandboxResult,
} from '@switchyard/shared';
import type { Performer } from '../../host.ts';
import { withDeadline } from '../deadline.ts';
import type { SandboxPool } from './sandbox-pool.ts';
import { guestLimits, type GuestCalls } from './sandbox-protocol.ts';

/** Code may compute for so long, or for the time of its call where that is shorter. */
const longestMs = 5_000;
const identifier = /^[A-Za-z_$][\w$]*$/;
const callable = /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)?$/;

export function createSandboxPerformer(pool: SandboxPool): Performer {
  return async (call, scope) => {
    const { code, inputs, calls } = call.request as unknown as SandboxRequest;
    const names = [...Object.keys(inputs), ...rootsOf(calls)];
    const wrong = names.find((name) => !identifier.test(name) || refusedKeys.has(name));
    if (wrong !== undefined) throw stopped('code-invalid', `an input is named ${JSON.stringify(wrong.slice(0, 60))}, which cannot name a constant`);
    const text = JSON.stringify(inputs);
    if (code.length > guestLimits.characters) throw stopped('code-too-large', 'it is over 1 MB');
    if (text.length > guestLimits.characters) throw stopped('code-too-large', 'its inputs are over 1 MB as JSON; give it less');
    const given = calls && { calls: guestCallsOf(calls) };
    const reply = await withDeadline(call, scope, async (deadline) => {
      const job = { code, names, inputs: text, budgetMs: Math.min(longestMs, call.timeoutMs), ...given };
      const told = await pool.run(job, deadline.signal).catch((error: Error) => {
        throw new FailureError(failure('sandbox-unavailable', `The code could not be run: ${error.message}. Try again.`, { retry: 'policy' }));
      });
      if (told) return told;
      if (scope.signal.aborted) throw deadline.failure('The code', 'never') ?? stopped('cancelled', 'it was cancelled');
      throw stopped('code-timeout', `it did not end within ${call.timeoutMs / 1000} s`);
    });
    if ('failure' in reply) throw stopped(reply.failure.code, reply.failure.message);
    const logs = readLogs(reply.logs);
    const result: SandboxResult =
      'pending' in reply ? { result: null, logs, pending: readPending(reply.pending, calls?.functions ?? []) } : { result: readResult(reply.result), logs };
    return { result: result as unknown as Json };
  };
}

/** The objects and functions that the code is given. */
function rootsOf(calls: SandboxCalls | undefined): string[] {
  return [...new Set(calls?.functions.map((name) => name.split('.')[0] as string))];
}

function guestCallsOf({ functions, rounds, now, seed }: SandboxCalls): GuestCalls {
  const wrong = functions.find((name) => !callable.test(name) || name.split('.').some((part) => refusedKeys.has(part)));
  if (wrong !== undefined) throw stopped('code-invalid', `a function is named ${JSON.stringify(wrong.slice(0, 60))}, which cannot be called`);
  const texts = rounds.map((round) => JSON.stringify(round));
  if (texts.reduce((sum, { length }) => sum + length, 0) > guestLimits.answerCharacters) {
    throw stopped('code-too-large', `what its calls gave is over ${guestLimits.answerCharacters / 1_000_000} MB together; ask for less in each call`);
  }
  return { functions, rounds: texts, now, seed };
}

/** What the code waits for: calls of functions that it was given, and of no others. */
function readPending(text: string, functions: readonly string[]): SandboxCall[] {
  const calls = jsonDepth(text, 2) > 2 ? undefined : (JSON.parse(text) as SandboxCall[]);
  const isRight = calls?.every(({ name, arguments: args }) => functions.includes(name) && typeof args === 'string');
  if (!calls || !isRight || calls.length === 0 || calls.length > guestLimits.calls) throw stopped('code-failed', 'what it asks for cannot be read');
  return calls;
}

/** The guest's text is as foreign as any: its own JSON.stringify may have been replaced. */
function readResult(text: string): Json {
  if (jsonDepth(text, guestLimits.depth) > guestLimits.depth) throw stopped('code-too-large', `its result is nested deeper than ${guestLimits.depth} levels`);
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw stopped('code-failed', 'its result cannot be written as JSON');
  }
}

function readLogs(text: string): string[] {
  if (jsonDepth(text, 2) > 2) return [];
  try {
    const lines = JSON.parse(text) as unknown;
    return Array.isArray(lines) ? lines.filter((line) => typeof line === 'string').slice(0, guestLimits.logLines) : [];
  } catch {
    return [];
  }
}

function stopped(code: string, why: string): FailureError {
  const what = code === 'code-failed' ? 'The code failed' : code === 'code-invalid' ? 'The code cannot be run' : 'The code was stopped';
  return new FailureError(failure(code, `${what}: ${why}${/[.!?]$/.test(why) ? '' : '.'}`));
}
