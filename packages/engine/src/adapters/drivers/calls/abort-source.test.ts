import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { Aborting } from '../../../host.ts';
import { AbortSource } from './abort-source.ts';

test('tells its listeners what an AbortSignal tells them', () => {
  const step = fc.oneof(fc.record({ add: fc.nat(3) }), fc.record({ remove: fc.nat(3) }), fc.constant({ abort: true as const }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const run = (aborting: Aborting, abort: (reason: unknown) => void) => {
        const told: string[] = [];
        const listeners = [0, 1, 2, 3].map((index) => () => void told.push(`${index} ${String(aborting.reason)}`));
        for (const one of steps) {
          if ('add' in one) aborting.addEventListener('abort', listeners[one.add] as () => void, { once: true });
          else if ('remove' in one) aborting.removeEventListener('abort', listeners[one.remove] as () => void);
          else abort('why');
          told.push(`${aborting.aborted}`);
        }
        // An AbortSignal keeps the order in which they came; here the first one goes first, which is all that is promised.
        return told.sort();
      };
      const source = new AbortSource();
      const controller = new AbortController();
      expect(run(source, (reason) => source.abort(reason))).toEqual(run(controller.signal, (reason) => controller.abort(reason)));
    }),
  );
});

test.each(['a source', 'a signal'])('a listener of %s that throws disturbs neither the others nor who aborts, and is not passed over', async (of) => {
  const controller = new AbortController();
  const source = new AbortSource();
  const [aborting, abort] = of === 'a source' ? [source, () => source.abort('why')] : [controller.signal, () => controller.abort('why')];
  const uncaught: unknown[] = [];
  process.setUncaughtExceptionCaptureCallback((error) => uncaught.push(error));
  onTestFinished(() => process.setUncaughtExceptionCaptureCallback(null));
  const told: string[] = [];
  const fault = new Error('a fault');
  const listeners = [
    () => told.push('first'),
    () => {
      throw fault;
    },
    () => told.push('last'),
  ];
  for (const listener of listeners) (aborting as Aborting).addEventListener('abort', listener, { once: true });
  abort();
  expect(told).toEqual(['first', 'last']);
  await new Promise((resolve) => setImmediate(resolve));
  expect(uncaught).toEqual([fault]);
});
