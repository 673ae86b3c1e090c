/** The data folder: private, and held by one process at a time, however that process ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultDataFolder, noteAddress, openDataFolder, serverOf } from './data-folder.ts';
import { temporaryFolder } from './testing/test-server.ts';

let temporary: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  temporary = temporaryFolder();
  path = join(temporary.path, 'data');
});
afterEach(() => {
  // A test that fails must not leave a child behind: the runner would wait for it.
  for (const child of children.splice(0)) child.kill('SIGKILL');
  temporary.remove();
});

const children: ChildProcess[] = [];

const holdInChild = async () => {
  const code = `import { openDataFolder } from ${JSON.stringify(join(import.meta.dirname, 'data-folder.ts'))}; openDataFolder(${JSON.stringify(path)}); globalThis.gc(); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
};

describe('the data folder', () => {
  it('is made for its owner alone', () => {
    openDataFolder(path).release();
    expect(statSync(path).mode & 0o777).toBe(0o700);
    chmodSync(path, 0o755);
    openDataFolder(path).release();
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('leaves the rights of a folder that holds something else', () => {
    mkdirSync(path, { mode: 0o755 });
    chmodSync(path, 0o755);
    writeFileSync(join(path, 'letter.txt'), 'mine');
    openDataFolder(path).release();
    expect(statSync(path).mode & 0o777).toBe(0o755);
  });

  it('is held by one at a time, also within a process', () => {
    const first = openDataFolder(path);
    expect(() => openDataFolder(path)).toThrow(new RegExp(`in use by process ${process.pid}`));
    first.release();
    first.release();
    openDataFolder(path).release();
  });

  it('says at which address the server answers that holds it, and not where a dead one did', () => {
    const first = openDataFolder(path);
    noteAddress(first, 'http://127.0.0.1:4680');
    expect(() => openDataFolder(path)).toThrow(`in use by the server at http://127.0.0.1:4680 (process ${process.pid})`);
    first.release();
    const second = openDataFolder(path);
    expect(() => openDataFolder(path)).toThrow(`in use by process ${process.pid}`);
    second.release();
  });

  it('is free again when its holder is killed', async () => {
    const child = await holdInChild();
    expect(() => openDataFolder(path)).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ code: 'data-folder-locked', message: expect.stringContaining(`process ${child.pid}`) as unknown }) as unknown,
      }) as Error,
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    openDataFolder(path).release();
  });

  it('says why where it cannot be used', () => {
    writeFileSync(path, 'a file');
    expect(() => openDataFolder(path)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'data-folder-unusable' }) as unknown }) as Error,
    );
  });

  it('is never where one stands because its name is empty', () => {
    for (const empty of ['', ' ']) expect(() => openDataFolder(empty)).toThrow('The data folder is an empty text');
  });

  it('stands where the environment says, by default', () => {
    expect(defaultDataFolder({ XDG_DATA_HOME: '/var/share' })).toBe('/var/share/switchyard');
    for (const XDG_DATA_HOME of [undefined, '', 'relative/path']) expect(defaultDataFolder({ XDG_DATA_HOME })).toMatch(/\/\.local\/share\/switchyard$/);
  });
});

it('a server is asked only where it noted an address of this machine, with the token of the folder or the environment', () => {
  const folder = openDataFolder(path);
  try {
    expect(serverOf(path, {})).toBeUndefined();
    const forget = noteAddress(folder, 'http://127.0.0.1:4680');
    expect(serverOf(path, {})).toBeUndefined();
    writeFileSync(join(path, 'token'), 'secret\n');
    expect(serverOf(path, {})).toEqual({ url: 'http://127.0.0.1:4680', token: 'secret' });
    expect(serverOf(path, { SWITCHYARD_TOKEN: 'other' })?.token).toBe('other');
    forget();
    expect(serverOf(path, {})).toBeUndefined();
    for (const url of ['http://192.0.2.1:80', 'https://127.0.0.1:1', 'http://evil.example', 'http://127.0.0.1.evil.example:1', 'file:///etc/passwd', 'x']) {
      noteAddress(folder, url);
      expect(serverOf(path, {}), url).toBeUndefined();
    }
    noteAddress(folder, 'http://[::1]:4680');
    expect(serverOf(path, {})?.url).toBe('http://[::1]:4680');
  } finally {
    folder.release();
  }
});
