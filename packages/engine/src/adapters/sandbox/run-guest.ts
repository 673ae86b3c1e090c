/**
 * Runs one job in a fresh interpreter.
 *
 * 1. Only text crosses the wall, its length known before it is copied. No function of the host is ever given to the guest.
 * 2. The guest ends within its budget: the interpreter asks between steps; native loops are ended from outside, by whoever holds the thread.
 * 3. No user's code runs before our own has taken what it needs of the language.
 * 4. Running out of time or memory, or any surprise of the interpreter, taints the thread.
 */
import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten-core';
import { guestCalls } from './guest-calls.ts';
import { guestSetup } from './guest-setup.ts';
import { guestLimits, type GuestCalls, type GuestFailure, type GuestJob, type GuestReply } from './sandbox-protocol.ts';

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
  /** What guestCalls gives, and how many rounds of answers are left. */
  calls: { way: QuickJSHandle; rounds: string[] } | undefined;
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

/** A fresh interpreter with our own code in it, made ahead of the job that it is for. Serves one job and is dropped whole, with all that the guest made. */
export interface ReadyGuest {
  context: QuickJSContext;
  /** What guestSetup gives. */
  way: QuickJSHandle;
  makeCalls: QuickJSHandle;
  memoryBytes(): number;
}

export function readyGuest({ quickjs, memoryBytes }: Interpreter): ReadyGuest {
  const runtime = quickjs.newRuntime();
  runtime.setMemoryLimit(guestLimits.heapBytes);
  runtime.setMaxStackSize(guestLimits.stackBytes);
  const context = runtime.newContext();
  const way = context.unwrapResult(context.evalCode(guestSetup, 'sandbox.js'));
  return { context, way, makeCalls: context.unwrapResult(context.evalCode(guestCalls, 'sandbox.js')), memoryBytes };
}

export function runGuest({ context, way, makeCalls, memoryBytes }: ReadyGuest, job: GuestJob): GuestReply {
  const endsAt = performance.now() + job.budgetMs;
  const isOutOfTime = () => performance.now() > endsAt;
  context.runtime.setInterruptHandler(isOutOfTime);
  const guest: Guest = { context, way, calls: undefined, isOutOfTime, memoryBytes, lines: job.code.split('\n').length };
  try {
    if (job.calls) guest.calls = prepareCalls(guest, makeCalls, job.calls);
    const value = settle(guest, call(guest, prepare(guest, job), []));
    const logs = readText(guest, callWay(guest, 'logs', []));
    return value ? { result: readText(guest, callWay(guest, 'finish', [value])), logs } : { pending: readAsked(guest), logs };
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
  const roots = guest.calls ? context.getProp(guest.calls.way, 'roots') : context.undefined;
  const start = callWay(guest, 'prepare', [made.value, text, roots]);
  text.dispose();
  roots.dispose();
  made.value.dispose();
  if (context.typeof(start) !== 'function') throw new GuestStop({ code: 'code-invalid', message: 'it is not the body of a function' }, false);
  return start;
}

/** The functions that the code is given; nothing of the user's has run yet. */
function prepareCalls({ context }: Guest, make: QuickJSHandle, { functions, now, seed, rounds }: GuestCalls): Guest['calls'] {
  const given = context.newString(JSON.stringify({ functions, now, seed }));
  const way = context.unwrapResult(context.callFunction(make, context.undefined, given));
  given.dispose();
  return { way, rounds: [...rounds] };
}

/** Runs promise jobs, a slice at a time, and hands over answers where nothing else is left, until the promise is settled; gives its value, undefined where it waits for calls. */
function settle(guest: Guest, promise: QuickJSHandle): QuickJSHandle | undefined {
  const { context } = guest;
  for (;;) {
    const state = context.getPromiseState(promise);
    if (state.type === 'fulfilled') {
      requireAllAwaited(guest);
      if (!state.notAPromise) promise.dispose();
      return state.value;
    }
    if (state.type === 'rejected') throw stop(guest, state.error, 'code-failed');
    if (guest.isOutOfTime()) throw outOfTime();
    if (context.runtime.hasPendingJob()) {
      const ran = context.runtime.executePendingJobs(jobsPerSlice);
      if (ran.error) throw stop(guest, ran.error, 'code-failed');
      continue;
    }
    if (!hasOpenCalls(guest)) throw new GuestStop({ code: 'code-failed', message: neverSettled }, false);
    const round = guest.calls?.rounds.shift();
    if (round === undefined) return undefined;
    release(guest, round);
  }
}

const neverSettled = 'it waits for a promise that nothing will ever settle; there are no timers and no network here';
const wentAnotherWay = 'it did not go the same way again when it was run with the answers to its calls; what it does must follow from them alone';

function hasOpenCalls(guest: Guest): boolean {
  if (!guest.calls) return false;
  const isOpen = callOf(guest, guest.calls.way, { name: 'isOpen', args: [] });
  return guest.context.dump(isOpen) === true;
}

/** What was not waited for would be made, or not, by chance: it is a mistake of the code. */
function requireAllAwaited(guest: Guest): void {
  if (guest.calls && guest.calls.rounds.length > 0) throw new GuestStop({ code: 'code-failed', message: wentAnotherWay }, false);
  if (!hasOpenCalls(guest)) return;
  const names = (JSON.parse(readAsked(guest)) as { name: string }[]).map(({ name }) => name);
  const told = [...new Set(names)].slice(0, 5).join(', ');
  throw new GuestStop({ code: 'code-failed', message: `it ended while calls of ${told} were not awaited, and these were not made; await every call` }, false);
}

function release(guest: Guest, round: string): void {
  const { context, calls } = guest;
  if (!calls) return;
  const text = context.newString(round);
  const isTaken = callOf(guest, calls.way, { name: 'release', args: [text] });
  text.dispose();
  if (context.dump(isTaken) !== true) throw new GuestStop({ code: 'code-failed', message: wentAnotherWay }, false);
}

function readAsked(guest: Guest): string {
  if (!guest.calls) return '[]';
  return readText(guest, callOf(guest, guest.calls.way, { name: 'asked', args: [] }));
}

function call(guest: Guest, fn: QuickJSHandle, args: QuickJSHandle[]): QuickJSHandle {
  const called = guest.context.callFunction(fn, guest.context.undefined, ...args);
  if (called.error) throw stop(guest, called.error, 'code-failed');
  return called.value;
}

function callWay(guest: Guest, name: string, args: QuickJSHandle[]): QuickJSHandle {
  return callOf(guest, guest.way, { name, args });
}

function callOf(guest: Guest, way: QuickJSHandle, { name, args }: { name: string; args: QuickJSHandle[] }): QuickJSHandle {
  const fn = guest.context.getProp(way, name);
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
