/** The golden fixtures: the shapes that others rely on, byte for byte. A change here is a change of the contract. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  diagnosticCodes,
  flowText,
  readFlow,
  readWorkspace,
  workspaceText,
  type Diagnostic,
  type Flow,
  type JsonObject,
  type RunEvent,
  type RunResult,
  type Workspace,
} from './index.ts';

const text = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const json = <T>(name: string) => JSON.parse(text(name)) as T;

it('flow.json is read whole and written the same', () => {
  const { document, diagnostics } = readFlow(text('flow.json'));
  expect(diagnostics).toEqual([]);
  expect(flowText(document as Flow)).toBe(text('flow.json'));
});

it('workspace.json is read whole and written the same, and names its secrets only', () => {
  const { document, diagnostics } = readWorkspace(text('workspace.json'));
  expect(diagnostics).toEqual([]);
  expect(workspaceText(document as Workspace)).toBe(text('workspace.json'));
  expect(document?.models.planner?.apiKey).toEqual({ secret: 'PLANNER_KEY' });
});

it('bad-flow.json gives diagnostics.json', () => {
  expect(readFlow(text('bad-flow.json')).diagnostics).toEqual(json('diagnostics.json'));
  for (const { code, severity } of json<Diagnostic[]>('diagnostics.json')) {
    expect(Object.keys(diagnosticCodes)).toContain(code);
    expect(['error', 'warning']).toContain(severity);
  }
});

describe('events.json', () => {
  const events = json<RunEvent[]>('events.json');
  /** Keys after `type`, `seq` and `at`; those in brackets may be absent. */
  const shapes: Record<RunEvent['type'], string[]> = {
    'run-start': ['run', 'flow', 'plan', 'inputs'],
    'task-start': ['task', 'node', 'inputs', '[parent]'],
    'call-start': ['key', 'task', 'kind', 'pool', 'request', 'attempt', 'target'],
    'call-delta': ['key', 'attempt', 'n', 'text'],
    'call-end': ['key', 'attempt', '[result]', '[failure]', '[usage]', 'ms', '[replayed]', '[from]'],
    'call-refused': ['key', 'task', 'target', 'request', 'failure'],
    'wait-start': ['key', 'task', 'until'],
    'wait-end': ['key', '[result]'],
    'task-end': ['task', 'outputs', '[pinned]'],
    'task-skip': ['task', 'node', 'why', '[parent]'],
    'task-failure': ['task', 'failure', '[handling]', '[outputs]'],
    plan: ['task', 'key', 'node', 'revision', 'steps'],
    'plan-step': ['task', 'key', 'step', 'status', '[why]'],
    'run-end': ['status', 'outputs', '[failure]', 'usage'],
  };

  it('has an event of every type, in its shape, type first', () => {
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(Object.keys(shapes)));
    for (const event of events) {
      const [first, ...keys] = Object.keys(event);
      expect(first).toBe('type');
      const shape = ['seq', 'at', ...shapes[event.type]];
      expect(shape.map((key) => key.replace(/[[\]]/g, ''))).toEqual(expect.arrayContaining(keys));
      expect(keys).toEqual(expect.arrayContaining(shape.filter((key) => !key.startsWith('['))));
    }
  });

  it('begins with run-start, ends with run-end, and counts up', () => {
    expect(events[0]?.type).toBe('run-start');
    expect(events.at(-1)?.type).toBe('run-end');
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
  });

  it('ends as run-result.json', () => {
    const result = json<RunResult>('run-result.json');
    expect(Object.keys(result)).toEqual(['run', 'status', 'outputs', 'failure', 'usage']);
    const end = events.at(-1) as Extract<RunEvent, { type: 'run-end' }>;
    expect(result).toEqual({ run: (events[0] as unknown as JsonObject).run, status: end.status, outputs: end.outputs, failure: end.failure, usage: end.usage });
  });
});
