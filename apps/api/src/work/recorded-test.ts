/** A recorded run as a regression test document, and a test document as a recorded run. */
import type { JournalEntry, Plan, Registry } from '@switchyard/engine';
import { hashOfAsked } from '@switchyard/engine/adapters';
import { compile } from '@switchyard/engine/compile';
import type { Divergence } from '@switchyard/engine/run';
import {
  documentLimits,
  failure,
  FailureError,
  hasErrors,
  testText,
  type Diagnostic,
  type Failure,
  type Flow,
  type Json,
  type TestCall,
  type TestDocument,
} from '@switchyard/shared';
import { readRecorded, replay, runUnfinished, type RecordedRun } from './recorded-run.ts';
import { checkInputs } from './run-inputs.ts';
import type { Runner, StoredRun } from './runner-interface.ts';
import { lastOf, seededPlan } from './seeding.ts';

/** What came of a test: neither part where it passed. */
export interface TestOutcome {
  divergence?: Divergence;
  /** Why it cannot be run at all. */
  diagnostics?: Diagnostic[];
}

/** The text of a test that the run passes. Throws the FailureError `run-unfinished`, or `record-too-large`. */
export async function recordTest(runner: Runner, stored: StoredRun, name: string | undefined): Promise<string> {
  const { status, run } = stored;
  if (status === 'running') throw runUnfinished(run);
  if (status !== 'done' && status !== 'failed')
    throw new FailureError(failure('run-unfinished', `The run "${run}" is ${status}. A test is made from a run that ended by itself: done, or failed.`));
  const text = testText(testOf(stored, await readRecorded(runner, stored), { status, name: name ?? stored.flow.name }));
  if (text.length <= documentLimits.bytes) return text;
  throw new FailureError(
    failure('record-too-large', `The test would have ${text.length} characters; at most ${documentLimits.bytes} are read. Record a run with smaller results.`),
  );
}

function testOf(stored: StoredRun, { entries, requests }: RecordedRun, { status, name }: { status: 'done' | 'failed'; name: string }): TestDocument {
  const { run, startedAt, flow, inputs, seed, outputs = {}, failure: cause } = stored;
  const completed = entries.filter(({ completion }) => completion !== undefined).sort((a, b) => (a.completion as number) - (b.completion as number));
  const known = new Set(completed.map(({ key }) => key));
  const open = [...requests].filter(([key]) => !known.has(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  const to = seed && lastOf(seed);
  return {
    format: 'switchyard.test',
    version: 1,
    name,
    run,
    startedAt,
    flow,
    inputs,
    ...(seed?.pins && { pins: seed.pins }),
    ...(to !== undefined && { to }),
    calls: [...completed.map((entry) => callOf(entry, startedAt, requests)), ...open.map(([key, request]) => ({ key, kind: 'open', request }))],
    expected: { status, outputs, ...(cause && { failure: cause.code }) },
  };
}

function callOf(entry: JournalEntry, startedAt: number, requests: ReadonlyMap<string, Json>): TestCall {
  const { key, kind, result, failure: cause, usage, endedAt = startedAt } = entry;
  const request = requests.get(key);
  return {
    key,
    kind,
    at: Math.max(0, endedAt - startedAt),
    ...(request === undefined ? { hash: entry.inputHash } : { request }),
    ...(result !== undefined && { result }),
    ...(cause && { failure: cause }),
    ...(usage && { usage }),
  };
}

/** Runs the test without calling anything, on the flow it holds or on another one. */
export async function runTest(test: TestDocument, registry: Registry, flow: Flow = test.flow): Promise<TestOutcome> {
  const { plan, diagnostics } = compile(flow, undefined, registry);
  if (!plan || hasErrors(diagnostics)) return { diagnostics };
  const { inputs, pins, to } = test;
  const mistakes = checkInputs(plan, registry, inputs);
  if (mistakes.length > 0) return { diagnostics: mistakes };
  try {
    const cut = seededPlan(plan, { ...(pins && { pins }), ...(to !== undefined && { to }) }, registry);
    const divergence = await replay(recordedOf(test, cut), registry);
    return divergence ? { divergence } : {};
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return { diagnostics: [{ code: 'command-refused', severity: 'error', path: '', message: error.message }] };
  }
}

function recordedOf(test: TestDocument, plan: Plan): RecordedRun {
  const { run, startedAt, inputs, pins, calls, expected } = test;
  const entries = calls.filter(({ at }) => at !== undefined).map((call, completion) => entryOf(call, completion, startedAt));
  const requests = new Map(calls.flatMap(({ key, request }) => (request === undefined ? [] : [[key, request] as const])));
  const { status, outputs, failure: code } = expected;
  const end = { status, outputs, ...(code !== undefined && { failure: failure(code, '') }) };
  return { run, plan, inputs, startedAt, entries, requests, underWay: new Set(), end, ...(pins && { pins }) };
}

function entryOf({ key, kind, at = 0, request, hash = '', result, failure: cause, usage }: TestCall, completion: number, startedAt: number): JournalEntry {
  const time = startedAt + at;
  return {
    key,
    kind,
    inputHash: request === undefined ? hash : hashOfAsked(kind, request),
    completion,
    attempt: 1,
    startedAt: time,
    endedAt: time,
    ...(result !== undefined && { result }),
    ...(cause && { failure: cause as Failure }),
    ...(usage && { usage: usage as NonNullable<JournalEntry['usage']> }),
  };
}
