/** `start` as a real process: its address, who may reach it, its lock, and that nothing is lost when it is stopped or killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startScriptedModel } from '@switchyard/engine/testing';
import { emptyWorkspace } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askFlow } from '../testing/ask-flow.ts';
import { spawnSwitchyard, switchyard, type SwitchyardProcess } from '../testing/switchyard-process.ts';
import { temporaryFolder } from '../testing/test-server.ts';

let folder: ReturnType<typeof temporaryFolder>;
let data: string;
const running: SwitchyardProcess[] = [];
beforeEach(() => {
  folder = temporaryFolder();
  data = join(folder.path, 'data');
});
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  folder.remove();
});

const start = async (args: string[] = [], environment: Record<string, string> = {}) => {
  const process = spawnSwitchyard(['start', '--port', '0', '--no-open', '--data', data, ...args], { home: folder.path, environment });
  running.push(process);
  const [, url = '', code = ''] = await process.printed(/^(http:\/\/\S+:\d+)\/#(\S+)\n/);
  return { process, url, code };
};
const token = () => readFileSync(join(data, 'token'), 'utf8').trim();
const authorized = () => ({ authorization: `Bearer ${token()}`, 'x-switchyard': '1', 'content-type': 'application/json' });

describe('start', () => {
  it('answers once it has printed its address, logs in by the code, and stops cleanly', async () => {
    const { process, url, code } = await start();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(code.length).toBeGreaterThanOrEqual(32);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const login = await fetch(`${url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-switchyard': '1' },
      body: JSON.stringify({ code }),
    });
    expect(login.status).toBe(200);
    expect([statSync(data).mode & 0o777, statSync(join(data, 'token')).mode & 0o777, statSync(join(data, 'switchyard.db')).mode & 0o777]).toEqual([
      0o700, 0o600, 0o600,
    ]);
    expect(token().length).toBeGreaterThanOrEqual(43);
    const stoppedAt = Date.now();
    process.child.kill('SIGTERM');
    const { code: exit, out, errors } = await process.ended;
    expect(exit).toBe(0);
    expect(Date.now() - stoppedAt).toBeLessThan(2000);
    expect(out).toBe(`${url}/#${code}\n`);
    expect(errors).toContain('Order desk runs on the built-in');
    const again = await start();
    expect(again.code).not.toBe(code);
  });

  it.skipIf(process.platform === 'win32')('stops when the shell that npx put before it was told to', async () => {
    const program = join(import.meta.dirname, '../../bin/switchyard.mjs');
    const args = ['-c', '"$0" "$@"; true', process.execPath, program, 'start', '--port', '0', '--no-open', '--data', data];
    const shell = spawn('sh', args, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, HOME: folder.path, npm_lifecycle_event: 'npx' } });
    const ended = once(shell.stdout, 'close');
    const [printed] = (await once(shell.stdout, 'data')) as [Buffer];
    const { origin } = new URL(printed.toString().trim());
    expect((await fetch(`${origin}/health`)).status).toBe(200);
    const server = Number(readFileSync(join(data, 'lock.pid'), 'utf8'));
    shell.kill('SIGTERM');
    // Where it is not heard, nothing is left of the test.
    const timer = setTimeout(() => process.kill(server, 'SIGKILL'), 15_000);
    await ended;
    clearTimeout(timer);
    await expect(fetch(`${origin}/health`)).rejects.toThrow('fetch failed');
    // It stopped of itself, and gave the folder free.
    expect(existsSync(join(data, 'address'))).toBe(false);
  });

  it.each(['127.0.0.1', '127.0.0.2'])('answers to its address %s with its port, and not without', async (address) => {
    const { url } = await start(['--host', address]);
    const { port, host } = new URL(url);
    const statusUnder = (name: string) =>
      new Promise((resolve, reject) => {
        get({ host: address, port, path: '/health', headers: { host: name } }, ({ statusCode }) => resolve(statusCode)).on('error', reject);
      });
    expect(await Promise.all([host, `localhost:${port}`, address].map(statusUnder))).toEqual([200, 200, 421]);
  });

  it('holds its data folder, and says who does', async () => {
    const { process, url } = await start();
    const second = await switchyard(['start', '--port', '0', '--no-open', '--data', data], { home: folder.path });
    expect(second).toMatchObject({
      code: 2,
      out: '',
      errors: expect.stringContaining(`in use by the server at ${new URL(url).origin} (process ${process.child.pid})`) as string,
    });
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it('says so where its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, errors } = await switchyard(['start', '--port', String(port), '--no-open', '--data', data], { home: folder.path });
    expect([code, errors]).toEqual([2, expect.stringContaining(`Port ${port} of 127.0.0.1 is in use`)]);
    await new Promise((resolve) => other.close(resolve));
    await start();
  });

  it('listens for other machines only with a configured token', async () => {
    const args = ['start', '--port', '0', '--no-open', '--data', data, '--host', '0.0.0.0'];
    expect(await switchyard(args, { home: folder.path })).toMatchObject({ code: 2, errors: expect.stringContaining('SWITCHYARD_TOKEN') as string });
    expect(await switchyard(args, { home: folder.path, environment: { SWITCHYARD_TOKEN: 'short' } })).toMatchObject({
      code: 2,
      errors: expect.stringContaining('too weak') as string,
    });
    const secret = 'configured-token-0123456789-0123456789';
    const { url } = await start(['--host', '0.0.0.0'], { SWITCHYARD_TOKEN: secret });
    expect((await fetch(`${url}/trpc/flows.list`, { headers: { authorization: `Bearer ${secret}` } })).status).toBe(200);
  });

  it('refuses a vault that does not open, and starts with the right key again', async () => {
    const first = await start();
    await fetch(`${first.url}/trpc/workspace.setSecret`, { method: 'POST', headers: authorized(), body: '{"name":"KEY","value":"a-secret-value"}' });
    first.process.child.kill('SIGTERM');
    await first.process.ended;
    const key = readFileSync(join(data, 'vault.key'), 'utf8');
    writeFileSync(join(data, 'vault.key'), Buffer.alloc(32, 1).toString('base64'));
    const refused = await switchyard(['start', '--port', '0', '--no-open', '--data', data], { home: folder.path });
    expect(refused).toMatchObject({ code: 2, out: '', errors: expect.stringContaining('The vault is not opened') as string });
    writeFileSync(join(data, 'vault.key'), key);
    await start();
  });

  it('goes on with the runs of a server that was killed', async () => {
    const model = await startScriptedModel(() => new Promise(() => {}));
    const workspace = join(folder.path, 'workspace.json');
    writeFileSync(workspace, JSON.stringify({ ...emptyWorkspace(), models: { asked: model.model } }));
    const first = await start(['--workspace', workspace]);
    const started = await fetch(`${first.url}/trpc/runs.start`, {
      method: 'POST',
      headers: authorized(),
      body: JSON.stringify({ flow: askFlow(), inputs: { question: 'Why?' } }),
    });
    const { run } = ((await started.json()) as { result: { data: { run: string } } }).result.data;
    await model.arrived(1);
    first.process.child.kill('SIGKILL');
    await first.process.ended;
    model.play(['After all.']);
    const { url } = await start();
    const get = async () => {
      const response = await fetch(`${url}/trpc/runs.get?input=${encodeURIComponent(JSON.stringify({ run }))}`, { headers: authorized() });
      return ((await response.json()) as { result: { data: { status: string; outputs?: object } } }).result.data;
    };
    await expect.poll(async () => (await get()).status, { timeout: 10_000 }).toBe('done');
    expect((await get()).outputs).toEqual({ answer: 'After all.' });
    await model.close();
  });

  it('goes on with a run of the command line on the workspace that it was started with', async () => {
    const model = await startScriptedModel(() => new Promise(() => {}));
    const write = (name: string, value: object) => {
      writeFileSync(join(folder.path, name), JSON.stringify(value));
      return join(folder.path, name);
    };
    write('workspace.json', { ...emptyWorkspace(), models: { asked: model.model } });
    const args = ['run', write('flow.json', askFlow()), '--data', data, '--run-id', 'r1', '--input', 'question=Why?', '--events'];
    const killed = spawnSwitchyard(args, { home: folder.path });
    await model.arrived(1);
    // What is told has been accepted.
    await killed.printed(/"type":"run-start"/);
    killed.child.kill('SIGKILL');
    await killed.ended;
    model.play(['So it is.']);
    const { url } = await start();
    const ofRun = async () =>
      JSON.stringify(await (await fetch(`${url}/trpc/runs.get?input=${encodeURIComponent('{"run":"r1"}')}`, { headers: authorized() })).json());
    await expect.poll(ofRun, { timeout: 10_000 }).toContain('So it is.');
    await model.close();
  });

  it('keeps as many ended runs as it is told to', async () => {
    const flow = {
      ...askFlow(),
      nodes: { ask: { kind: 'input', config: { fields: { value: {} } } }, tell: { kind: 'output', config: { fields: { value: {} } } } },
      links: [{ from: 'ask.value', to: 'tell.value' }],
    };
    writeFileSync(join(folder.path, 'flow.json'), JSON.stringify(flow));
    for (const run of ['r1', 'r2', 'r3'])
      await switchyard(['run', join(folder.path, 'flow.json'), '--data', data, '--run-id', run, '--input', `value="${run}"`], { home: folder.path });
    expect(await switchyard(['start', '--data', data, '--keep-runs', 'few'], { home: folder.path })).toMatchObject({
      code: 2,
      errors: expect.stringContaining('"few" is no number for --keep-runs') as string,
    });
    const { url } = await start(['--keep-days', '0'], { SWITCHYARD_KEEP_RUNS: '1' });
    const listed = async () => {
      const response = await fetch(`${url}/trpc/runs.list`, { headers: authorized() });
      return ((await response.json()) as { result: { data: { run: string }[] } }).result.data.map(({ run }) => run);
    };
    await expect.poll(listed, { timeout: 10_000 }).toEqual(['r3']);
  });
});
