/** The vault: what was changed does not open, and no key is made in the place of another. */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../db/open-store.ts';
import { temporaryFolder } from '../testing/test-server.ts';
import { Vault } from './vault.ts';

let folder: ReturnType<typeof temporaryFolder>;
let store: Store;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder.path, 'vault.key');
  store = openStore(join(folder.path, 'switchyard.db'));
});
afterEach(() => {
  store.close();
  folder.remove();
});

const open = (fromEnvironment?: string) => Vault.open(store.database, { file, ...(fromEnvironment !== undefined && { fromEnvironment }) });
const refusal = (reason: RegExp) =>
  expect.objectContaining({
    failure: expect.objectContaining({ code: 'vault-refused', message: expect.stringMatching(reason) as unknown }) as unknown,
  }) as Error;
interface Row {
  origins: string;
  nonce: Uint8Array;
  sealed: Uint8Array;
}
const value = 'sk-a-secret-of-some-length';

describe('the vault', () => {
  it('opens what it sealed, and keeps no text of it', async () => {
    const vault = await open();
    expect(existsSync(file)).toBe(false);
    await vault.set('KEY', value, ['https://api.example.com']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = await open();
    expect([again.get('KEY'), again.origins('KEY'), again.names()]).toEqual([value, ['https://api.example.com'], ['KEY']]);
    store.sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(readFileSync(join(folder.path, 'switchyard.db')).includes(value)).toBe(false);
  });

  it('seals each time with another nonce', async () => {
    const vault = await open();
    const nonces = new Set<string>();
    for (let number = 0; number < 20; number += 1) {
      await vault.set('KEY', value, []);
      nonces.add(Buffer.from((store.sqlite.prepare('SELECT nonce FROM secrets').get() as { nonce: Uint8Array }).nonce).toString('hex'));
    }
    expect(nonces.size).toBe(20);
  });

  const flip = (bytes: Uint8Array, at: number) => bytes.with(at, (bytes.at(at) ?? 0) ^ 1);
  it.each<[string, (one: Row, two: Row) => Row]>([
    ['its text was changed', (one) => ({ ...one, sealed: flip(one.sealed, 0) })],
    ['its tag was changed', (one) => ({ ...one, sealed: flip(one.sealed, one.sealed.length - 1) })],
    ['its nonce was changed', (one) => ({ ...one, nonce: flip(one.nonce, 3) })],
    ['it was cut', (one) => ({ ...one, sealed: one.sealed.subarray(0, 5) })],
    ['its origins were changed', (one) => ({ ...one, origins: '["https://evil.example"]' })],
    ['another secret was put in its place', (_, two) => two],
  ])('refuses to open where %s', async (_, change) => {
    const vault = await open();
    await vault.set('ONE', value, ['https://api.example.com']);
    await vault.set('TWO', 'another', ['https://api.example.com']);
    const row = (name: string) => store.sqlite.prepare('SELECT origins, nonce, sealed FROM secrets WHERE name = ?').get(name) as unknown as Row;
    const { origins, nonce, sealed } = change(row('ONE'), row('TWO'));
    store.sqlite.prepare("UPDATE secrets SET origins = ?, nonce = ?, sealed = ? WHERE name = 'ONE'").run(origins, nonce, sealed);
    await expect(open()).rejects.toThrow(refusal(/"ONE" does not open/));
  });

  it('refuses to open without its key or with another, and makes no new one', async () => {
    await (await open()).set('KEY', value, []);
    const key = readFileSync(file, 'utf8');
    rmSync(file);
    await expect(open()).rejects.toThrow(refusal(/neither .*vault\.key nor SWITCHYARD_VAULT_KEY/));
    expect(existsSync(file)).toBe(false);
    writeFileSync(file, `${Buffer.alloc(32, 7).toString('base64')}\n`);
    await expect(open()).rejects.toThrow(refusal(/"KEY" does not open/));
    for (const text of ['', 'short', 'x'.repeat(64)]) {
      writeFileSync(file, text);
      await expect(open(), text).rejects.toThrow(refusal(/holds no key/));
    }
    writeFileSync(file, key);
    expect((await open()).get('KEY')).toBe(value);
  });

  it('takes its key from the environment first, in hex or base64', async () => {
    const key = Buffer.alloc(32, 9);
    await (await open(key.toString('hex'))).set('KEY', value, []);
    expect(existsSync(file)).toBe(false);
    expect((await open(key.toString('base64'))).get('KEY')).toBe(value);
    await expect(open(Buffer.alloc(32, 8).toString('hex'))).rejects.toThrow(refusal(/does not open/));
  });

  it('makes its key file private again', async () => {
    await (await open()).set('KEY', value, []);
    const key = readFileSync(file, 'utf8');
    rmSync(file);
    writeFileSync(file, key, { mode: 0o644 });
    await open();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('forgets what is removed', async () => {
    const vault = await open();
    await vault.set('KEY', value, []);
    expect([await vault.remove('KEY'), await vault.remove('KEY')]).toEqual([true, false]);
    expect([vault.get('KEY'), vault.values(), (await open()).names()]).toEqual([undefined, [], []]);
  });
});
