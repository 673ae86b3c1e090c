/**
 * Runs one job in a fresh interpreter.
 *
 * 1. Only text crosses the wall, its length known before it is copied. No function of the host is ever given to the guest.
 * 2. The guest ends within its budget: the interpreter asks between steps; native loops are ended from outside, by whoever holds the thread.
 * 3. Running out of time or memory, or any surprise of the interpreter, taints the thread.
 */
import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten-core';
import { guestSetup } from './guest-setup.ts';
import { guestLimits, type GuestFailure, type GuestJob, type GuestReply } from './sandbox-protocol.ts';

/** What the guest threw, or how it was stopped. */
class GuestStop extends Error {
  readonly failure: GuestFailure;
  readonly isTainted: boolean;
  constructor(failure: GuestFailure, isTainted: boolean) {
    super(failure.message);
    this.failure = failure;
    this.isTainted = isTainted;
  }
}

interface Guest {
  context: QuickJSContext;
  /** Lines of the user's code. */
  lines: number;
  /** What guestSetup gives. */
  way: QuickJSHandle;
  isOutOfTime(): boolean;
  memoryBytes(): number;
}

/** What describing an error may use on top, since the guest may have used up all it has. */
const explainBytes = 4_000_000;
const jobsPerSlice = 500;

/** An interpreter with memory of its own. */
export interface Interpreter {
  quickjs: QuickJSWASMModule;
  /** What its memory has grown to, in bytes. It never shrinks. */
  memoryBytes(): number;
}

export function runGuest({ quickjs, memoryBytes }: Interpreter, job: GuestJob): GuestReply {
  const runtime = quickjs.newRuntime();
  const endsAt = performance.now() + job.budgetMs;
  const isOutOfTime = () => performance.now() > endsAt;
  runtime.setMemoryLimit(guestLimits.heapBytes);
  runtime.setMaxStackSize(guestLimits.stackBytes);
  runtime.setInterruptHandler(isOutOfTime);
  const context = runtime.newContext();
  const guest: Guest = {
    context,
    way: context.unwrapResult(context.evalCode(guestSetup, 'sandbox.js')),
    isOutOfTime,
    memoryBytes,
    lines: job.code.split('\n').length,
  };
  try {
    const start = prepare(guest, job);
    const value = settle(guest, call(guest, start, []));
    const reply = { result: readText(guest, callWay(guest, 'finish', [value])), logs: readText(guest, callWay(guest, 'logs', [])) };
    guest.way.dispose();
    value.dispose();
    start.dispose();
    context.dispose();
    runtime.dispose();
    return reply;
  } catch (error) {
    if (!(error instanceof GuestStop)) throw error;
    return { failure: error.failure, isTainted: error.isTainted };
  }
}

/** The user's code as a function without arguments, the inputs as constants around it. */
function prepare(guest: Guest, { code, names, inputs }: GuestJob): QuickJSHandle {
  const { context } = guest;
  // All of the head stands on the first line, so that the guest's line numbers are the user's.
  const source = `(function(){"use strict";const {${names.join(',')}}=arguments[0];return async function(){${code}\n}})`;
  const made = context.evalCode(source, 'code.js', { type: 'global' });
  if (made.error) throw stop(guest, made.error, 'code-invalid');
  if (context.typeof(made.value) !== 'function') throw new GuestStop({ code: 'code-invalid', message: 'it is not the body of a function' }, false);
  const text = context.newString(inputs);
  const start = callWay(guest, 'prepare', [made.value, text]);
  text.dispose();
  made.value.dispose();
  if (context.typeof(start) !== 'function') throw new GuestStop({ code: 'code-invalid', message: 'it is not the body of a function' }, false);
  return start;
}

/** Runs promise jobs, a slice at a time, until the promise is settled; gives its value. */
function settle(guest: Guest, promise: QuickJSHandle): QuickJSHandle {
  const { context } = guest;
  for (;;) {
    const state = context.getPromiseState(promise);
    if (state.type === 'fulfilled') {
      if (!state.notAPromise) promise.dispose();
      return state.value;
    }
    if (state.type === 'rejected') throw stop(guest, state.error, 'code-failed');
    if (guest.isOutOfTime()) throw outOfTime();
    if (!context.runtime.hasPendingJob())
      throw new GuestStop(
        { code: 'code-failed', message: 'it waits for a promise that nothing will ever settle; there are no timers and no network here' },
        false,
      );
    const ran = context.runtime.executePendingJobs(jobsPerSlice);
    if (ran.error) throw stop(guest, ran.error, 'code-failed');
  }
}

function call(guest: Guest, fn: QuickJSHandle, args: QuickJSHandle[]): QuickJSHandle {
  const called = guest.context.callFunction(fn, guest.context.undefined, ...args);
  if (called.error) throw stop(guest, called.error, 'code-failed');
  return called.value;
}

function callWay(guest: Guest, name: string, args: QuickJSHandle[]): QuickJSHandle {
  const fn = guest.context.getProp(guest.way, name);
  const value = call(guest, fn, args);
  fn.dispose();
  return value;
}

/** A string of the guest, its length checked before it is copied. */
function readText({ context }: Guest, handle: QuickJSHandle): string {
  if (context.typeof(handle) !== 'string') throw new GuestStop({ code: 'code-failed', message: 'its result cannot be written as JSON' }, false);
  const length = context.getProp(handle, 'length').consume((value) => context.getNumber(value));
  if (length > guestLimits.characters)
    throw new GuestStop({ code: 'code-too-large', message: `its result is over ${guestLimits.characters / 1_000_000} MB as JSON; return less` }, false);
  return handle.consume((value) => context.getString(value));
}

/** What an error of the guest means. The guest is asked to describe it, unless it has no time or memory left to do so. */
function stop(guest: Guest, error: QuickJSHandle, code: GuestFailure['code']): GuestStop {
  if (guest.isOutOfTime()) return outOfTime();
  // Without memory for an error, the interpreter throws null.
  if (guest.memoryBytes() >= guestLimits.heapBytes && guest.context.typeof(error) === 'object' && guest.context.sameValue(error, guest.context.null))
    return outOfMemory();
  guest.context.runtime.setMemoryLimit(guestLimits.heapBytes + explainBytes);
  const told = explain(guest, error);
  if (guest.isOutOfTime()) return outOfTime();
  if (told === undefined || /^(out of memory|BigInt is too large to allocate)$/.test(told.message)) return outOfMemory();
  const found = /code\.js:(\d+)/.exec(told.stack)?.[1];
  // A parser that misses an end finds it missing on the line after the last.
  const line = found && Math.min(Number(found), guest.lines);
  const name = told.name === '' || told.name === 'Error' ? '' : `${told.name}: `;
  return new GuestStop({ code, message: `${name}${told.message || 'it threw an error without a message'}${line ? ` (line ${line})` : ''}` }, false);
}

function explain(guest: Guest, error: QuickJSHandle): { name: string; message: string; stack: string } | undefined {
  const { context } = guest;
  const fn = context.getProp(guest.way, 'explain');
  const told = context.callFunction(fn, context.undefined, error);
  if (told.error || context.typeof(told.value) !== 'string') return undefined;
  const parsed = JSON.parse(context.getString(told.value)) as Record<string, unknown>;
  const text = (key: string, cap: number) => String(parsed[key] ?? '').slice(0, cap);
  return { name: text('name', 100), message: text('message', 1_000), stack: text('stack', 2_000) };
}

function outOfTime(): GuestStop {
  return new GuestStop({ code: 'code-timeout', message: 'it ran for longer than it may; it may never end' }, true);
}

function outOfMemory(): GuestStop {
  return new GuestStop({ code: 'code-memory', message: 'it needs more memory than it may use; work on less at a time' }, true);
}
