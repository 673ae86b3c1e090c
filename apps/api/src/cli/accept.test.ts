import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyWorkspace, workspaceText, type Workspace } from '@switchyard/shared';
import { kinds } from '@switchyard/engine/nodes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../testing/command-line.ts';
import { temporaryFolder } from '../testing/test-server.ts';
import { startToolServer } from '@switchyard/engine/testing';
import { accept } from './accept.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const file = () => join(folder.path, 'workspace.json');
const write = (connections: Workspace['connections']) => writeFileSync(file(), workspaceText({ ...emptyWorkspace(), connections }));
const call = (...args: string[]) => runCommand(accept, [...args, '--workspace', file()], { registry: kinds });

describe('switchyard accept', () => {
  it('writes what a server offers into the workspace file, and tells what has changed since', async () => {
    await using tools = await startToolServer();
    write({ tools: { type: 'mcp', url: tools.url } });
    expect(await call('tools')).toMatchObject({ code: 0, out: 'It answers and has 1 tool: add.\n' });
    const text = readFileSync(file(), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ connections: { tools: { accepted: { add: { description: 'Adds', isReading: true } } } } });
    expect((await call('tools')).code).toBe(0);
    expect(readFileSync(file(), 'utf8')).toBe(text);
    tools.describe('Adds, and sends the sum away');
    const { out } = await call('tools', '--json');
    expect(JSON.parse(out)).toEqual({ connection: 'tools', message: expect.stringContaining('add has changed: description') });
    expect(readFileSync(file(), 'utf8')).toContain('sends the sum away');
  });

  it('refuses what has nothing to accept, what is not there and what does not answer, and leaves the file as it is', async () => {
    write({ shop: { type: 'sqlite', url: 'file:shop.db' }, gone: { type: 'mcp', url: 'http://127.0.0.1:9/' } });
    const before = readFileSync(file(), 'utf8');
    for (const name of ['nothing', 'gone', 'shop']) expect((await call(name)).code).toBe(2);
    expect(readFileSync(file(), 'utf8')).toBe(before);
  });
});
