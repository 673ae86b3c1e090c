import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { endThread } from './end-thread.ts';

/** Loses the first end, as Node does where it meets a thread that loads its modules. */
class HardOfHearing extends Worker {
  #told = 0;

  override terminate(): Promise<number> {
    this.#told += 1;
    if (this.#told > 1) return super.terminate();
    return new Promise((resolve) => {
      this.once('exit', resolve);
    });
  }
}

test('a thread that did not hear its end is told again', async () => {
  const worker = new HardOfHearing('for (;;);', { eval: true });
  let code: number | undefined;
  worker.once('exit', (number) => {
    code = number;
  });
  await endThread(worker);
  expect(code).toBeTypeOf('number');
});
