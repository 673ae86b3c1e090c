/** The log: no credentials, no bodies, no secrets, whatever is logged. */
import { expect, it } from 'vitest';
import { createLog } from './log.ts';

it('leaves out headers, bodies, queries and secrets', () => {
  const lines: string[] = [];
  const log = createLog({
    level: 'info',
    mask: (line) => line.replaceAll('top-secret', '[secret]'),
    destination: { write: (line: string) => void lines.push(line) },
  });
  log.info({ req: { method: 'GET', url: '/trpc/flows.get?input=private', headers: { cookie: 'c-value', authorization: 'a-value' } } }, 'asked');
  log.error({ err: new Error('it broke near top-secret'), request: { body: 'b-value', authorization: 'a-value' } }, 'failed with top-secret');
  const text = lines.join('');
  for (const word of ['private', 'c-value', 'a-value', 'b-value', 'top-secret']) expect(text).not.toContain(word);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ req: { method: 'GET', path: '/trpc/flows.get' }, msg: 'asked' });
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ err: { message: 'it broke near [secret]' }, msg: 'failed with [secret]' });
});

it('takes an unknown level for the default', () => {
  expect(createLog({ level: 'loud', mask: (line) => line }).level).toBe('warn');
});
