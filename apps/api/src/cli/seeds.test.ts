/** `run` from an earlier run, `replay`, `record` and `test`, as real processes. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startScriptedModel, type ScriptedModel } from '@switchyard/engine/testing';
import { emptyWorkspace, flowText, readTest, testText, type Flow, type RunEvent, type TestDocument } from '@switchyard/shared';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { switchyard } from '../testing/switchyard-process.ts';
import { temporaryFolder } from '../testing/test-server.ts';

/** ask -> first -> second -> reply, a model each. */
const twoCalls = (secondPrompt = 'Again: {{text}}'): Flow => ({
  format: 'switchyard.flow',
  version: 1,
  name: 'Two calls',
  nodes: {
    ask: { kind: 'input', config: { fields: { question: { type: 'string' } } } },
    first: { kind: 'llm', config: { model: 'asked', prompt: '{{question}}' } },
    second: { kind: 'llm', config: { model: 'asked', prompt: secondPrompt } },
    reply: { kind: 'output', config: { fields: { answer: { type: 'string' } } } },
  },
  links: [
    { from: 'ask.question', to: 'first.question' },
    { from: 'first.text', to: 'second.text' },
    { from: 'second.text', to: 'reply.answer' },
  ],
  grants: [],
});

let model: ScriptedModel;
let folder: ReturnType<typeof temporaryFolder>;
let flow: string;
let data: string;
beforeAll(async () => {
  model = await startScriptedModel([]);
});
afterAll(() => model.close());
beforeEach(async () => {
  folder = temporaryFolder();
  data = join(folder.path, 'data');
  flow = write('flow.json', flowText(twoCalls()));
  write('workspace.json', JSON.stringify({ ...emptyWorkspace(), models: { asked: model.model } }));
  model.play(['One.', 'Two.']);
  expect((await call('run', flow, '--input', 'question=Why?', '--data', data, '--run-id', 'r1')).code).toBe(0);
});
afterEach(() => folder.remove());

function write(name: string, text: string): string {
  const file = join(folder.path, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const call = (...args: string[]) => switchyard(args, { home: folder.path });
const again = async (...args: string[]) => {
  const before = model.requests.length;
  const { code, out, errors } = await call('run', flow, '--of', 'r1', '--data', data, '--json', ...args);
  return { code, errors, asked: model.requests.length - before, result: out === '' ? undefined : (JSON.parse(out) as { outputs: Record<string, unknown> }) };
};

describe('run --of', () => {
  it('does anew what is at or below the node, on the inputs of that run', async () => {
    model.play(['Three.']);
    expect(await again('--from', 'second')).toMatchObject({ code: 0, asked: 1, result: { status: 'done', outputs: { answer: 'Three.' } } });
  });

  it('runs one node alone, or the flow up to a node', async () => {
    model.play(['New.']);
    const result = { status: 'done', outputs: {} };
    expect(await again('--from', 'first', '--only')).toMatchObject({
      code: 0,
      asked: 1,
      result: { ...result, last: { node: 'first', outputs: { text: 'New.' } } },
    });
    expect(await again('--to', 'first')).toMatchObject({ code: 0, asked: 0, result: { ...result, last: { node: 'first', outputs: { text: 'One.' } } } });
    expect((await again()).result).not.toHaveProperty('last');
    expect(await call('run', flow, '--of', 'r1', '--to', 'first', '--data', data)).toMatchObject({ code: 0, out: 'first.text: One.\n' });
  });

  it('uses given outputs and edited results', async () => {
    expect(await again('--pin', 'second={"text":"Pinned."}')).toMatchObject({ code: 0, asked: 0, result: { outputs: { answer: 'Pinned.' } } });
    model.play(['Then.']);
    const edited = JSON.stringify({ text: 'Edited.', toolCalls: [], finish: 'stop', served: 'x' });
    expect(await again('--edit', `first=${edited}`)).toMatchObject({ code: 0, asked: 1, result: { outputs: { answer: 'Then.' } } });
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('Again: Edited.');
  });

  it('says which edited result it had no use for', async () => {
    const { nodes, links, ...rest } = twoCalls();
    const way = { kind: 'branch', config: { cases: [{ port: 'on', when: 'value == "One."' }] } };
    const [begin, on, ...others] = links as [Flow['links'][number], Flow['links'][number]];
    writeFileSync(
      flow,
      flowText({ ...rest, nodes: { ...nodes, way }, links: [begin, { ...on, to: 'way.value' }, { from: 'way.on', to: 'second.text' }, ...others] }),
    );
    const result = (text: string) => JSON.stringify({ text, toolCalls: [], finish: 'stop', served: 'x' });
    const told = await again('--edit', `first=${result('Other.')}`, '--edit', `second=${result('Edited.')}`);
    expect(told).toMatchObject({ code: 0, asked: 0, result: { status: 'done', outputs: {} } });
    expect(told.errors).toContain('The result given for "second" was not used');
    expect(told.errors).not.toContain('"first"');
  });

  it('uses an edited result also where its call asks for something else now', async () => {
    writeFileSync(flow, flowText(twoCalls('Once more: {{text}}')));
    const edited = JSON.stringify({ text: 'Edited.', toolCalls: [], finish: 'stop', served: 'x' });
    expect(await again('--edit', `second=${edited}`)).toMatchObject({ code: 0, asked: 0, result: { outputs: { answer: 'Edited.' } } });
    const { nodes, links, ...rest } = twoCalls();
    const { second: _, ...left } = nodes;
    writeFileSync(flow, flowText({ ...rest, nodes: left, links: [...links.slice(0, 1), { from: 'first.text', to: 'reply.answer' }] }));
    expect(await again('--edit', `second=${edited}`)).toMatchObject({
      code: 2,
      asked: 0,
      errors: expect.stringContaining('no step "second" any more') as string,
    });
  });

  it('does anew what a change of the flow or of the inputs made stale, and tells what it used', async () => {
    writeFileSync(flow, flowText(twoCalls('Once more: {{text}}')));
    model.play(['Changed.']);
    const { out } = await call('run', flow, '--of', 'r1', '--data', data, '--events');
    const ends = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent)
      .filter((event) => event.type === 'call-end');
    expect(ends).toMatchObject([{ key: 'first', replayed: true, from: 'r1' }, { key: 'second' }]);
    expect(ends[1]).not.toHaveProperty('from');
    model.play(['Other.', 'Other too.']);
    expect(await again('--input', 'question=What?')).toMatchObject({ asked: 2, result: { outputs: { answer: 'Other too.' } } });
  });

  it('refuses what does not go together or is not there', async () => {
    for (const [args, words] of [
      [['--of', 'r1'], '--data'],
      [['--from', 'first', '--data', data], 'name it with --of'],
      [['--of', 'r1', '--data', data, '--only'], 'name it with --from'],
      [['--of', 'r1', '--data', data, '--from', 'first', '--only', '--to', 'second'], 'do not go together'],
      [['--of', 'none', '--data', data, '--input', 'question=x'], 'No run with the id "none"'],
      [['--of', 'none', '--data', data, '--from', 'first'], 'No run with the id "none"'],
      [['--of', 'r1', '--data', data, '--from', 'nowhere'], 'recorded no result of "nowhere"'],
      [['--of', 'r1', '--data', data, '--to', 'nowhere'], 'no step "nowhere"'],
      [['--pin', 'first', '--input', 'question=x'], 'NODE=JSON'],
      [['--pin', 'first=5', '--input', 'question=x'], 'a JSON object'],
      [['--pin', 'first={"other":1}', '--input', 'question=x'], 'no output "other"'],
      [['--of', 'r1', '--data', data, '--edit', 'first={'], 'is not JSON'],
    ] as const)
      expect(await call('run', flow, ...args), args.join(' ')).toMatchObject({ code: 2, out: '', errors: expect.stringContaining(words) as string });
  }, 40_000);
});

describe('replay', () => {
  it('calls nothing, and ends with 0 where it is the same', async () => {
    const before = model.requests.length;
    expect(await call('replay', 'r1', '--data', data, '--json')).toMatchObject({ code: 0, out: '{}\n' });
    expect(await call('replay', 'r1', '--data', data)).toMatchObject({ code: 0, out: 'r1: the same.\n' });
    expect(await call('replay', 'r2', '--data', data)).toMatchObject({ code: 2, errors: expect.stringContaining('no run with the id "r2"') as string });
    expect(model.requests.length).toBe(before);
  });
});

describe('record and test', () => {
  const record = async () => {
    const file = join(folder.path, 'tests', 'two.test.json');
    mkdirSync(join(file, '..'));
    expect(await call('record', 'r1', '--data', data, '--name', 'Two models', '--out', file)).toMatchObject({ code: 0, out: '' });
    return file;
  };

  it('make a test of a run that passes without calling anything', async () => {
    const file = await record();
    const { document } = readTest(readFileSync(file, 'utf8'));
    expect(testText(document as TestDocument)).toBe(readFileSync(file, 'utf8'));
    expect(document).toMatchObject({ name: 'Two models', inputs: { question: 'Why?' }, expected: { status: 'done', outputs: { answer: 'Two.' } } });
    expect(JSON.parse((await call('record', 'r1', '--data', data)).out)).toMatchObject({ format: 'switchyard.test', name: 'Two calls' });
    const before = model.requests.length;
    expect(await call('test', file)).toMatchObject({ code: 0, out: `pass ${file}: Two models\n` });
    expect(JSON.parse((await call('test', file, '--json')).out)).toEqual({ tests: [{ file, name: 'Two models', passed: true }] });
    expect(model.requests.length).toBe(before);
  });

  it('tell the first divergence, of the document or of a flow that changed', async () => {
    const file = await record();
    const changed = write('changed.json', flowText(twoCalls('Now: {{text}}')));
    const { code, out } = await call('test', file, '--flow', changed, '--json');
    expect([code, JSON.parse(out)]).toMatchObject([1, { tests: [{ passed: false, divergence: { what: 'differs', key: 'second', node: 'second' } }] }]);
    expect((await call('test', file, '--flow', changed)).out).toContain('asks for something else than was recorded at second');
    const document = JSON.parse(readFileSync(file, 'utf8')) as TestDocument;
    const otherwise = write('otherwise.test.json', JSON.stringify({ ...document, expected: { ...document.expected, outputs: { answer: 'Three.' } } }));
    expect(JSON.parse((await call('test', otherwise, '--json')).out)).toMatchObject({ tests: [{ divergence: { what: 'result' } }] });
    const broken = write('broken.test.json', JSON.stringify({ ...document, calls: 5 }));
    expect(JSON.parse((await call('test', broken, '--json')).out)).toMatchObject({ tests: [{ passed: false, diagnostics: [{ path: '/calls' }] }] });
    expect((await call('test', join(folder.path, 'none.test.json'))).code).toBe(2);
  });
});
