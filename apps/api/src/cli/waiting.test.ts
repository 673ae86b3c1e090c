/** `run`, `questions`, `answer` and `resume` for runs that wait for a person: exit codes, and one JSON value on stdout with --json. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { emptyFlow, emptyWorkspace, flowText, type Flow, type OpenWait, type RunResult } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from '../data-folder.ts';
import { askedHash, askingFlow, askingKinds } from '../testing/asking-flow.ts';
import { runCommand, type CommandLine } from '../testing/command-line.ts';
import { startTestServer, temporaryFolder, testToken } from '../testing/test-server.ts';
import { answer } from './answer.ts';
import type { Command } from './command.ts';
import { questions } from './questions.ts';
import { resume } from './resume.ts';
import { run } from './run.ts';

let folder: ReturnType<typeof temporaryFolder>;
let flow: string;
let data: string;
beforeEach(() => {
  folder = temporaryFolder();
  flow = join(folder.path, 'flow.json');
  data = join(folder.path, 'data');
  writeFileSync(flow, flowText(askingFlow()));
});
afterEach(() => folder.remove());

const postingFlow: Flow = {
  ...emptyFlow('Posting'),
  nodes: {
    start: { kind: 'input', config: { fields: { value: { type: 'string' } } } },
    post: { kind: 'http', config: { connection: 'api', operations: [{ name: 'post', method: 'POST', path: '/orders', body: { value: '{{value}}' } }] } },
    end: { kind: 'output', config: { fields: { body: {} } } },
  },
  links: [
    { from: 'start.value', to: 'post.value' },
    { from: 'post.body', to: 'end.body' },
  ],
};

const call = (command: Command, args: string[], line: Partial<CommandLine> = {}) => runCommand(command, args, { registry: askingKinds, ...line });
const json = async <Value>(command: Command, args: string[]) => {
  const { code, out } = await call(command, [...args, '--json']);
  return { code, value: JSON.parse(out) as Value };
};
const startRun = (...more: string[]) => json<RunResult>(run, [flow, '--input', 'value=A1', '--data', data, '--run-id', 'r1', ...more]);

describe('a run that waits, with a data folder', () => {
  it('ends the command with 3, is listed, answered, and gone on with', async () => {
    expect(await startRun()).toMatchObject({ code: 3, value: { run: 'r1', status: 'waiting', outputs: {} } });
    const listed = await json<{ questions: OpenWait[] }>(questions, ['--data', data]);
    expect(listed).toMatchObject({ code: 0, value: { questions: [{ run: 'r1', key: 'ask', ask: { hash: askedHash('A1') } }] } });
    expect(await call(questions, ['--data', data, '--run', 'r1'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('arguments: {"id":"A1"}\n  answers: approve, edit, reject') as string,
    });
    expect(await json(resume, ['r1', '--data', data])).toMatchObject({ code: 3, value: { status: 'waiting' } });
    const answered = await json<{ accepted: boolean; result: RunResult }>(answer, ['r1', '--data', data, '--approve']);
    expect(answered).toMatchObject({ code: 0, value: { accepted: true, result: { status: 'done', outputs: { ask: { choice: 'approve' } } } } });
    expect(await call(questions, ['--data', data])).toMatchObject({ code: 0, out: 'No run waits for a person.\n' });
    expect(await json(resume, ['r1', '--data', data])).toMatchObject({ code: 0, value: { status: 'done' } });
  });

  it('says what to do, and tells its events up to its end of now', async () => {
    const { code, out, notes } = await call(run, [flow, '--input', 'value=A1', '--data', data, '--run-id', 'r1', '--events']);
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; status?: string });
    expect([code, events[0]?.type, events.at(-1)]).toMatchObject([3, 'run-start', { type: 'run-end', status: 'waiting' }]);
    expect(notes).toContain(`switchyard answer r1 --data ${data}`);
  });

  it('says where an event is told, since no answer fits it', async () => {
    writeFileSync(flow, flowText(askingFlow({ hear: { event: 'arrived' } })));
    const { code, notes } = await call(run, [flow, '--input', 'value=A1', '--data', data, '--run-id', 'r1']);
    expect(code).toBe(3);
    expect(notes).toContain(`It waits for an event. "switchyard start --data ${data}" goes on with it`);
    expect(notes).not.toContain('switchyard answer');
  });

  it('refuses answers that do not fit, and says why', async () => {
    await startRun();
    for (const [args, words] of [
      [['r1', '--data', data], 'One answer is expected'],
      [['r1', '--data', data, '--approve', '--reject', 'no'], 'One answer is expected'],
      [['r1', '--data', data, '--give-up'], 'it takes: approve, edit, reject'],
      [['r1', '--data', data, '--edit', '{"id":5}'], 'do not fit'],
      [['r1', '--data', data, '--edit', '[1]'], 'is a JSON object'],
      [['r1', '--data', data, '--edit', '{'], 'is not JSON'],
      [['r1', '--data', data, '--approve', '--hash', 'other'], 'other arguments'],
      [['r1', '--data', data, '--key', 'other', '--approve'], 'no open question "other"'],
      [['r2', '--data', data, '--approve'], 'keeps no run with the id "r2"'],
      [['r1', '--approve'], '--data'],
      [['r1', '--data', join(folder.path, 'none'), '--approve'], 'no data folder'],
    ] as const)
      expect(await call(answer, [...args]), args.join(' ')).toMatchObject({ code: 2, out: '', notes: expect.stringContaining(words) as string });
    expect(await json(answer, ['r1', '--data', data, '--edit', '{"id":"A2"}'])).toMatchObject({
      code: 0,
      value: { result: { outputs: { ask: { choice: 'edit', arguments: { id: 'A2' } } } } },
    });
  });

  it('lists nothing of a run that asks nothing, and refuses one that is not there', async () => {
    await startRun();
    await call(answer, ['r1', '--data', data, '--approve']);
    expect(await call(questions, ['--data', data, '--run', 'r1'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('The run "r1" asks nothing.') as string,
    });
    expect(await call(answer, ['r1', '--data', data, '--approve'])).toMatchObject({ code: 2, notes: expect.stringContaining('asks nothing') as string });
    expect(await call(questions, ['--data', data, '--run', 'r2'])).toMatchObject({
      code: 2,
      notes: expect.stringContaining('no run with the id "r2"') as string,
    });
  });

  it('asks which question is meant where there are several, and waits on after one of them', async () => {
    writeFileSync(flow, flowText(askingFlow({ ask: {}, other: {} })));
    await startRun();
    expect(await call(answer, ['r1', '--data', data, '--approve'])).toMatchObject({ code: 2, notes: expect.stringContaining('--key: ask, other') as string });
    expect(await json(answer, ['r1', '--data', data, '--key', 'ask', '--reject', 'no'])).toMatchObject({ code: 3, value: { result: { status: 'waiting' } } });
    expect(await json(answer, ['r1', '--data', data, '--approve'])).toMatchObject({
      code: 0,
      value: { result: { outputs: { ask: { choice: 'reject', reason: 'no' }, other: { choice: 'approve' } } } },
    });
  });
});

describe('a run that is begun from one that asked', () => {
  it('asks nobody again whose answer had a time limit, and takes an edited answer', async () => {
    writeFileSync(flow, flowText(askingFlow({ ask: { seconds: 3600 } })));
    await startRun();
    await call(answer, ['r1', '--data', data, '--approve']);
    expect(await json(run, [flow, '--of', 'r1', '--data', data])).toMatchObject({ code: 0, value: { outputs: { ask: { choice: 'approve' } } } });
    const no = { choice: 'reject', reason: 'Not now.' };
    expect(await json(run, [flow, '--of', 'r1', '--edit', `ask=${JSON.stringify(no)}`, '--data', data])).toMatchObject({
      code: 0,
      value: { outputs: { ask: no } },
    });
    expect(await json(run, [flow, '--of', 'r1', '--input', 'value=A2', '--data', data])).toMatchObject({ code: 3 });
  });

  it('asks before it makes a write again that may have taken effect', async () => {
    const statuses = [502, 200];
    let writes = 0;
    const api = createServer((_, response) => {
      writes += 1;
      response.writeHead(statuses.shift() ?? 500, { 'content-type': 'application/json' }).end('"done"');
    });
    await once(api.listen(0, '127.0.0.1'), 'listening');
    try {
      const baseUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
      writeFileSync(join(folder.path, 'workspace.json'), JSON.stringify({ ...emptyWorkspace(), connections: { api: { type: 'http', baseUrl } } }));
      writeFileSync(flow, flowText(postingFlow));
      expect(await startRun()).toMatchObject({ code: 1, value: { status: 'failed', failure: { code: 'http-status' } } });
      expect(await json(run, [flow, '--of', 'r1', '--data', data, '--run-id', 'r2'])).toMatchObject({ code: 3, value: { status: 'waiting' } });
      expect(writes).toBe(1);
      expect(await json(answer, ['r2', '--data', data, '--repeat'])).toMatchObject({
        code: 0,
        value: { result: { status: 'done', outputs: { body: 'done' } } },
      });
      expect(writes).toBe(2);
    } finally {
      api.close();
    }
  });
});

describe('a run that waits, with a server on the data folder', () => {
  it('is listed and answered through the server', async () => {
    await startRun();
    const server = await startTestServer({ registry: askingKinds, folder: data });
    try {
      const line = { environment: { SWITCHYARD_TOKEN: testToken } };
      const listed = await call(questions, ['--data', data, '--json'], line);
      expect(JSON.parse(listed.out)).toMatchObject({ questions: [{ run: 'r1' }] });
      expect(listed.notes).toContain(server.url);
      expect(await call(answer, ['r1', '--data', data, '--approve', '--hash', 'x'], line)).toMatchObject({
        code: 2,
        notes: expect.stringContaining('other arguments') as string,
      });
      expect(await call(answer, ['r1', '--data', data, '--approve', '--json'], line)).toMatchObject({ code: 0, out: '{"accepted":true}\n' });
      await expect.poll(async () => (await server.query('runs.get', { run: 'r1' })).data.status as string).toBe('done');
      const wrong = { environment: { SWITCHYARD_TOKEN: 'another-token-that-is-long-enough-0123456789' } };
      expect(await call(questions, ['--data', data], wrong)).toMatchObject({ code: 2, notes: expect.stringContaining('SWITCHYARD_TOKEN') as string });
    } finally {
      await server.close();
    }
    expect(await json(resume, ['r1', '--data', data])).toMatchObject({ code: 0, value: { status: 'done' } });
  });

  it('is refused where another process holds the folder and no server can be asked', async () => {
    await startRun();
    const held = openDataFolder(data);
    try {
      expect(await call(questions, ['--data', data])).toMatchObject({ code: 2, notes: expect.stringContaining('in use by') as string });
    } finally {
      held.release();
    }
  });
});

describe('a run that waits and is kept nowhere', () => {
  it('ends with 3 where there is no terminal, and says why', async () => {
    expect(await call(run, [flow, '--input', 'value=A1', '--json'])).toMatchObject({
      code: 3,
      out: expect.stringContaining('"status":"waiting"') as string,
      notes: expect.stringContaining('Run it with --data DIR') as string,
    });
  });

  it('asks at the terminal, again where the answer is none', async () => {
    const said = ['dance', 'edit', '{"id":5}', 'e', '{"id":"A2"}'];
    const asked: string[] = [];
    const prompt = async (text: string) => {
      asked.push(text);
      return said.shift() as string;
    };
    const { code, out, notes } = await call(run, [flow, '--input', 'value=A1', '--json'], { prompt });
    expect([code, JSON.parse(out)]).toMatchObject([0, { status: 'done', outputs: { ask: { choice: 'edit', arguments: { id: 'A2' } } } }]);
    expect(asked.filter((text) => text.startsWith('approve / edit / reject'))).toHaveLength(3);
    expect(notes).toContain('Cancel the order?');
  });

  it('is cancelled where the terminal is gone', async () => {
    const prompt = () => Promise.reject(new Error('The terminal was closed.'));
    expect(await call(run, [flow, '--input', 'value=A1', '--json'], { prompt })).toMatchObject({
      code: 130,
      notes: expect.stringContaining('closed') as string,
    });
  });
});
