/** The performer of `sandbox` calls: checks what goes in and what comes out, and says in one sentence why code failed. */
import { FailureError, failure, jsonDepth, refusedKeys, type Json, type SandboxRequest, type SandboxResult } from '@switchyard/shared';
import type { Performer } from '../../host.ts';
import { withDeadline } from '../deadline.ts';
import type { SandboxPool } from './sandbox-pool.ts';
import { guestLimits } from './sandbox-protocol.ts';

/** Code may compute for so long, or for the time of its call where that is shorter. */
const longestMs = 5_000;
const identifier = /^[A-Za-z_$][\w$]*$/;

export function createSandboxPerformer(pool: SandboxPool): Performer {
  return async (call, scope) => {
    const { code, inputs } = call.request as unknown as SandboxRequest;
    const names = Object.keys(inputs);
    const wrong = names.find((name) => !identifier.test(name) || refusedKeys.has(name));
    if (wrong !== undefined) throw stopped('code-invalid', `an input is named ${JSON.stringify(wrong.slice(0, 60))}, which cannot name a constant`);
    const text = JSON.stringify(inputs);
    if (code.length > guestLimits.characters) throw stopped('code-too-large', 'it is over 1 MB');
    if (text.length > guestLimits.characters) throw stopped('code-too-large', 'its inputs are over 1 MB as JSON; give it less');
    const reply = await withDeadline(call, scope, async (deadline) => {
      const given = await pool.run({ code, names, inputs: text, budgetMs: Math.min(longestMs, call.timeoutMs) }, deadline.signal).catch((error: Error) => {
        throw new FailureError(failure('sandbox-unavailable', `The code could not be run: ${error.message}. Try again.`, { retry: 'policy' }));
      });
      if (given) return given;
      if (scope.signal.aborted) throw deadline.failure('The code', 'never') ?? stopped('cancelled', 'it was cancelled');
      throw stopped('code-timeout', `it did not end within ${call.timeoutMs / 1000} s`);
    });
    if ('failure' in reply) throw stopped(reply.failure.code, reply.failure.message);
    const result: SandboxResult = { result: readResult(reply.result), logs: readLogs(reply.logs) };
    return { result: result as unknown as Json };
  };
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
