/** The pauses between the attempts of a call: those that the service asks for, and those of the backoff. */
import { failure, type Failure } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Call, RetryPolicy } from '../../../port.ts';
import { createHandSettledHost } from '../../../testing/hand-settled-host.ts';
import { createCallPort } from './call-port.ts';
import { Pools } from './pools.ts';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const busy = (afterMs: number): Failure => failure('http-status', 'Too many requests', { retry: { afterMs } });
const broken = failure('http-status', 'It broke', { retry: 'policy' });

/** A call whose every attempt fails like this, until it has ended. */
function begin(cause: Failure, retry: Partial<RetryPolicy> = {}) {
  const host = createHandSettledHost();
  const port = createCallPort({ run: 'r', startedAt: 0, host, pools: new Pools(host.pool), redact: (value) => value, emit: () => {} });
  const call: Call = {
    kind: 'fetch',
    pool: 'p',
    request: null,
    effect: 'read',
    timeoutMs: 5_000,
    retry: { attempts: 3, baseMs: 100, maxMs: 1_000, ...retry },
    task: 't',
    target: { node: 'n' },
  };
  const attempts: number[] = [];
  const watch = async () => {
    for (;;) {
      const attempt = await host.next();
      attempts.push(Date.now());
      attempt.fail(cause);
    }
  };
  void watch();
  port.start('k', call);
  const end: { code?: string | undefined } = {};
  void port.next().then(([completion]) => {
    end.code = completion?.failure?.code;
  });
  return { attempts, end, port };
}

describe('a service that asks for a pause', () => {
  test('is asked again when it is over and not before, however short the backoff', async () => {
    const { attempts } = begin(busy(7_000));
    await vi.advanceTimersByTimeAsync(6_999);
    expect(attempts).toEqual([0]);
    await vi.advanceTimersByTimeAsync(1);
    expect(attempts).toEqual([0, 7_000]);
  });

  test('is asked as often as the policy says, with the pause before each', async () => {
    const { attempts, end } = begin(busy(2_000));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts).toEqual([0, 2_000, 4_000]);
    expect(end.code).toBe('http-status');
  });

  test('may ask for no pause at all', async () => {
    const { attempts } = begin(busy(0));
    await vi.advanceTimersByTimeAsync(1);
    expect(attempts).toHaveLength(3);
    expect(attempts.at(-1)).toBeLessThanOrEqual(2);
  });

  test.each([
    [120_000, 2],
    [120_001, 1],
  ])('with a pause of %i ms is asked %i times within it', async (afterMs, times) => {
    const { attempts, end } = begin(busy(afterMs), { attempts: 2 });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(attempts).toHaveLength(times);
    expect(end.code).toBe('http-status');
  });

  test('is not asked again once the run has given the call up', async () => {
    const { attempts, port } = begin(busy(1_000));
    await vi.advanceTimersByTimeAsync(500);
    port.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts).toEqual([0]);
  });
});

test('without a pause asked for, the pauses double, a quarter more or less', async () => {
  const { attempts } = begin(broken, { attempts: 5, baseMs: 1_000, maxMs: 3_000 });
  await vi.advanceTimersByTimeAsync(60_000);
  const pauses = attempts.slice(1).map((at, index) => at - (attempts[index] as number));
  const expected = [1_000, 2_000, 3_000, 3_000];
  expect(pauses).toHaveLength(expected.length);
  pauses.forEach((pause, index) => {
    expect(pause).toBeGreaterThanOrEqual(0.75 * (expected[index] as number) - 1);
    expect(pause).toBeLessThanOrEqual(1.25 * (expected[index] as number) + 1);
  });
});
