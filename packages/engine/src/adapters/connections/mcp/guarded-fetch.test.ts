/** What a server says without being asked has an end. */
import { afterEach, expect, test } from 'vitest';
import { createEgress, type Egress } from '../../egress/index.ts';
import { HostBench } from '../../testing/host-bench.ts';
import { createGuardedFetch } from './guarded-fetch.ts';

const bench = new HostBench();
let egress: Egress;
afterEach(async () => {
  await egress.close();
  await bench.close();
});

test('streams that nobody asked for are read to 8 MB together, and on after the next request', async () => {
  let opened = 0;
  const url = await bench.serve((request, response) => {
    if (request.method === 'GET') opened += 1;
    response.end(Buffer.alloc(3_000_000, 'x'));
  });
  egress = createEgress();
  const fetch = createGuardedFetch(url, egress);
  const listen = async () => (await (await fetch(url)).text()).length;
  expect([await listen(), await listen()]).toEqual([3_000_000, 3_000_000]);
  for (let time = 0; time < 3; time += 1) await expect(listen()).rejects.toThrow();
  expect(opened).toBe(3);
  expect((await (await fetch(url, { method: 'POST', body: '{}' })).text()).length).toBe(3_000_000);
  expect(await listen()).toBe(3_000_000);
});
