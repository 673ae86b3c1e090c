/** `check`, `run`, `resume` and `schema` as real processes: exit codes, and exactly one JSON value on stdout with --json. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startScriptedModel, type ScriptedModel } from '@switchyard/engine/testing';
import { examples } from '@switchyard/examples';
import { emptyWorkspace, flowText, type Flow, type RunEvent } from '@switchyard/shared';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askFlow, echoFlow } from '../testing/ask-flow.ts';
import { spawnSwitchyard, switchyard } from '../testing/switchyard-process.ts';
import { startTestServer, temporaryFolder } from '../testing/test-server.ts';

let model: ScriptedModel;
beforeAll(async () => {
  model = await startScriptedModel([]);
});
afterAll(() => model.close());

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const write = (name: string, value: unknown) => {
  const file = join(folder.path, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
};
const writeFlow = (flow: Flow, name = 'flow.json') => write(name, flowText(flow));
const writeWorkspace = () => write('workspace.json', { ...emptyWorkspace(), models: { asked: model.model } });
const call = (...args: string[]) => switchyard(args, { home: folder.path });
const typed: Flow = {
  ...echoFlow('Typed'),
  nodes: {
    ask: {
      kind: 'input',
      config: {
        fields: {
          count: { type: 'integer' },
          flag: { type: 'boolean' },
          names: { type: 'array', items: { type: 'string' } },
          city: { type: 'string', default: 'Lyon' },
        },
      },
    },
    reply: {
      kind: 'output',
      config: { fields: { count: { type: 'integer' }, flag: { type: 'boolean' }, names: { type: 'array' }, city: { type: 'string' } } },
    },
  },
  links: ['count', 'flag', 'names', 'city'].map((name) => ({ from: `ask.${name}`, to: `reply.${name}` })),
};

describe('check', () => {
  it('reads a file with a byte order mark, and refuses one that is no UTF-8', async () => {
    const text = flowText(echoFlow('Café'));
    expect(await call('check', write('marked.json', `\ufeff${text}`))).toMatchObject({ code: 0 });
    const latin = join(folder.path, 'latin.json');
    writeFileSync(latin, text, 'latin1');
    expect(await call('check', latin)).toMatchObject({ code: 2, errors: expect.stringContaining('save it as UTF-8') as string });
  });

  it('tells problems as JSON or text, and ends with 2 where there are errors', async () => {
    const good = writeFlow(echoFlow());
    expect(await call('check', good, '--json')).toEqual({ code: 0, out: '{"diagnostics":[]}\n', errors: '' });
    expect(await call('check', good)).toMatchObject({ code: 0, out: `${good}: no problems\n` });
    const bad = writeFlow({ ...echoFlow(), links: [{ from: 'ask.txt', to: 'reply.text' }] }, 'bad.json');
    const json = await call('check', bad, '--json');
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out).diagnostics).toContainEqual(expect.objectContaining({ code: 'port-missing', severity: 'error', path: '/links/0/from' }));
    expect(await call('check', bad)).toMatchObject({ code: 2, out: expect.stringMatching(/error at .*\[port-missing\]/) as string });
    expect(JSON.parse((await call('check', write('broken.json', '{"format"'), '--json')).out).diagnostics).toMatchObject([{ code: 'document-unreadable' }]);
  });

  it('checks names against the workspace beside the flow, or the one given', async () => {
    const flow = writeFlow(askFlow());
    expect((await call('check', flow, '--json')).code).toBe(0);
    const other = write('other/workspace.json', emptyWorkspace());
    expect(JSON.parse((await call('check', flow, '--workspace', other, '--json')).out).diagnostics).toMatchObject([
      { code: 'model-missing', node: 'model', field: 'model' },
    ]);
    writeWorkspace();
    expect((await call('check', flow, '--json')).code).toBe(0);
    write('workspace.json', { format: 'switchyard.workspace', version: 1, models: { asked: { provider: 'nobody' } } });
    const broken = await call('check', flow, '--json');
    expect([broken.code, JSON.parse(broken.out).diagnostics[0].path]).toEqual([2, '/models/asked/provider']);
  });
});

describe('usage', () => {
  it('ends with 2 and says what is wrong', async () => {
    const flow = writeFlow(echoFlow());
    for (const [args, words] of [
      [[], 'A command is missing'],
      [['dance'], 'no command "dance"'],
      [['check'], 'flow file is missing'],
      [['check', flow, flow], 'is too much'],
      [['run', flow, '--colour'], "Unknown option '--colour'"],
      [['run', flow, '--inputs', 'text=x'], "Unknown option '--inputs'. Is --input meant?\n"],
      [['run', flow, '--input', 'text'], 'NAME=VALUE'],
      [['run', flow, '--input-json', '[1]'], 'is a JSON object'],
      [['run', flow, '--run-id', '../x'], 'no run id'],
      [['resume', 'x'], '--data'],
      [['questions'], '--data'],
      [['answer', 'x', '--data', folder.path], 'One answer is expected'],
      [['replay', '--data', folder.path], 'run id is missing'],
      [['record', 'x'], '--data'],
      [['schema', 'cake'], 'flow or workspace'],
      [['start', '--port', 'x'], 'no port'],
      [['start', 'now'], 'takes no "now"'],
      [['start', '--drain-seconds', '5'], '--drain-seconds go with --engine dbos'],
      [['check', join(folder.path, 'none.json')], 'no such file'],
      [['check', folder.path], 'is a folder'],
    ] as const)
      expect(await call(...args), args.join(' ')).toMatchObject({ code: 2, out: '', errors: expect.stringContaining(words) as string });
  });

  it('keeps the reason in sight: how the command is written stands below it, not all that --help tells', async () => {
    for (const command of ['start', 'run', 'answer', 'work']) {
      const { errors } = await call(command, '--colour');
      expect(errors).toContain(`switchyard ${command} --help tells more.`);
      expect(errors.trimEnd().split('\n').length, command).toBeLessThan(8);
    }
  });

  it('gives one JSON value where --json is asked for, whatever is wrong', async () => {
    const flow = writeFlow(echoFlow());
    for (const args of [
      ['check', 'none.json', '--json'],
      ['run', flow, '--json', '--colour'],
      ['resume', 'none', '--data', join(folder.path, 'd'), '--json'],
      ['run', flow, '--json', '--input-json', '{'],
    ]) {
      const { code, out } = await call(...args);
      expect([code, JSON.parse(out).diagnostics[0].severity], args.join(' ')).toEqual([2, 'error']);
    }
  });

  it('helps and tells its version', async () => {
    expect(await call('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
    for (const command of ['start', 'check', 'run', 'resume', 'questions', 'answer', 'replay', 'record', 'test', 'work', 'schema'])
      expect(await call(command, '--help')).toMatchObject({ code: 0, out: expect.stringContaining(`switchyard ${command}`) as string });
  });

  it('prints the schemas', async () => {
    for (const name of ['flow', 'workspace'])
      expect(JSON.parse((await call('schema', name, '--json')).out)).toMatchObject({ type: 'object', title: expect.stringContaining(name) as string });
  });
});

describe('run', () => {
  it('converts inputs by the schemas of their fields', async () => {
    const flow = writeFlow(typed);
    const { code, out, errors } = await call(
      'run',
      flow,
      '--json',
      '--input-json',
      '{"count":1,"flag":false}',
      '--input',
      'count=42',
      '--input',
      'names=["a","b=c"]',
    );
    expect(JSON.parse(out)).toMatchObject({ status: 'done', outputs: { count: 42, flag: false, names: ['a', 'b=c'], city: 'Lyon' } });
    expect([code, errors]).toEqual([0, '']);
  });

  it('tells every input that does not fit, and calls nothing', async () => {
    const flow = writeFlow(typed);
    const { code, out } = await call('run', flow, '--json', '--input', 'count=many', '--input', '__proto__=x', '--input', 'names={}');
    expect([code, JSON.parse(out).diagnostics.map(({ code: name, field }: { code: string; field?: string }) => `${name} ${field ?? ''}`)]).toEqual([
      2,
      ['run-input count', 'run-input ', 'run-input flag', 'run-input names'],
    ]);
  });

  it('prints outputs for people, and nothing but the result as JSON', async () => {
    writeWorkspace();
    const flow = writeFlow(askFlow());
    model.play(['Forty-two.', 'Forty-two.']);
    expect(await call('run', flow, '--input', 'question=Why?')).toMatchObject({
      code: 0,
      out: 'Forty-two.\n',
      errors: expect.stringContaining('1 model calls') as string,
    });
    const { out } = await call('run', flow, '--json', '--run-id', 'my-run', '--input', 'question=Why?');
    expect(JSON.parse(out)).toMatchObject({ run: 'my-run', status: 'done', outputs: { answer: 'Forty-two.' }, usage: { modelCalls: 1 } });
  });

  it('prints one event a line, the first and the last as they must be', async () => {
    writeWorkspace();
    model.play(['Yes.']);
    const { code, out } = await call('run', writeFlow(askFlow()), '--events', '--input', 'question=Why?');
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent);
    expect([code, events[0]?.type, events.at(-1)?.type]).toEqual([0, 'run-start', 'run-end']);
    expect(events.some(({ type }) => type === 'call-delta')).toBe(true);
    expect(events.every(({ seq }, index) => index === 0 || seq > (events[index - 1]?.seq ?? 0))).toBe(true);
  });

  it('ends with 1 where the run fails, with 2 where the flow has errors', async () => {
    writeWorkspace();
    model.play(() => ({ status: 400, body: { error: { message: 'no such model' } } }));
    const failed = await call('run', writeFlow(askFlow()), '--json', '--input', 'question=Why?');
    expect(JSON.parse(failed.out)).toMatchObject({ status: 'failed', failure: { node: 'model', message: expect.stringContaining('no such model') as string } });
    expect(failed.code).toBe(1);
    const broken = await call('run', writeFlow(askFlow('unknown'), 'broken.json'), '--json', '--input', 'question=Why?');
    expect([broken.code, JSON.parse(broken.out).diagnostics[0].code]).toEqual([2, 'model-missing']);
  });

  it('finds the built-in models without a workspace', async () => {
    const flow = writeFlow(askFlow('writer'), 'alone/flow.json');
    expect((await call('run', flow, '--json', '--input', 'question=Customer: Ann\n\nFacts:\nnone')).code).toBe(0);
  });

  it('keeps secrets out of everything it prints', async () => {
    write('workspace.json', { ...emptyWorkspace(), models: { asked: { ...model.model, apiKey: { secret: 'KEY' } } } });
    model.play([{ text: 'the key is top-secret-key-123' }]);
    const { out, code } = await switchyard(['run', writeFlow(askFlow()), '--events', '--input', 'question=It is top-secret-key-123'], {
      home: folder.path,
      environment: { SWITCHYARD_SECRET_KEY: 'top-secret-key-123' },
    });
    expect(code).toBe(0);
    expect(out).not.toContain('top-secret');
    expect(out).toContain('[secret]');
  });

  it('is cancelled by Ctrl+C and prints what was reached', async () => {
    writeWorkspace();
    model.play(() => new Promise(() => {}));
    const running = spawnSwitchyard(['run', writeFlow(askFlow()), '--json', '--input', 'question=Why?'], { home: folder.path });
    await model.arrived(1);
    running.child.kill('SIGINT');
    const { code, out } = await running.ended;
    expect(JSON.parse(out)).toMatchObject({ status: 'cancelled', outputs: {} });
    expect(code).toBe(130);
  });
});

describe('resume', () => {
  it('goes on with a run that was killed, with its own workspace, without asking again what was answered', async () => {
    writeWorkspace();
    const data = join(folder.path, 'data');
    const two: Flow = {
      ...askFlow(),
      nodes: { ...askFlow().nodes, second: { kind: 'llm', config: { model: 'asked', prompt: 'Again: {{first}}' } } },
      links: [
        { from: 'ask.question', to: 'model.question' },
        { from: 'model.text', to: 'second.first' },
        { from: 'second.text', to: 'reply.answer' },
      ],
    };
    model.play((_, index) => (index === 0 ? 'one' : new Promise(() => {})));
    const running = spawnSwitchyard(['run', writeFlow(two), '--data', data, '--run-id', 'r1', '--input', 'question=Why?'], { home: folder.path });
    await model.arrived(2);
    expect(await call('run', writeFlow(two), '--data', data, '--input', 'question=x')).toMatchObject({
      code: 2,
      errors: expect.stringContaining(`in use by process ${running.child.pid}`) as string,
    });
    running.child.kill('SIGKILL');
    await running.ended;
    // Nobody has it under way any more, so nobody need wait.
    for (const args of [
      ['replay', 'r1'],
      ['record', 'r1'],
      ['run', writeFlow(two), '--of', 'r1'],
    ])
      expect(await call(...args, '--data', data), args[0]).toMatchObject({
        code: 2,
        errors: expect.stringContaining('resume it where it was interrupted') as string,
      });
    model.play(['two']);
    const resumed = await call('resume', 'r1', '--data', data, '--json');
    expect([resumed.code, JSON.parse(resumed.out)]).toMatchObject([0, { run: 'r1', status: 'done', outputs: { answer: 'two' } }]);
    expect(model.requests.map(({ body }) => body.messages.at(-1)?.content)).toEqual(['Again: one']);
    expect(readdirSync(join(data, 'run-workspaces'))).toEqual([]);
    expect(existsSync(join(data, 'switchyard.db'))).toBe(false);
    expect(JSON.parse((await call('resume', 'r1', '--data', data, '--json')).out)).toEqual(JSON.parse(resumed.out));
    expect(await call('run', writeFlow(echoFlow(), 'e.json'), '--data', data, '--run-id', 'r1', '--input', 'text=x')).toMatchObject({
      code: 2,
      errors: expect.stringContaining('"r1" is there already') as string,
    });
    expect(await call('resume', 'r2', '--data', data)).toMatchObject({ code: 2, errors: expect.stringContaining('no run with the id "r2"') as string });
    const mistyped = join(folder.path, 'dta');
    expect(await call('resume', 'r1', '--data', mistyped)).toMatchObject({ code: 2, errors: `There is no data folder ${mistyped}.\n` });
    expect(existsSync(mistyped)).toBe(false);
  }, 40_000);
});

describe('the example', () => {
  it('gives the same answer from its file as from the server', async () => {
    const question = 'How many orders were placed in 2025, and what was their average total?';
    const file = examples[0]?.flowFile ?? '';
    const { code, out } = await call('run', file, '--json', '--input', `question=${question}`);
    expect(code).toBe(0);
    const { answer } = JSON.parse(out).outputs as { answer: string };
    expect(answer).toMatch(/\d/);
    const server = await startTestServer();
    const { data: stored } = await server.query('flows.get', { id: 'order-desk' });
    const { data: started } = await server.mutate('runs.start', { flow: stored.flow, inputs: { question } });
    expect((await server.application.runner.result(started.run)).outputs).toEqual({ answer });
    await server.close();
  });
});
