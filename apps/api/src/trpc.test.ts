/** What a program is told by the status alone. */
import { FailureError, failure } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { procedure, router } from './trpc.ts';

test.each([
  ['server-leaving', 'SERVICE_UNAVAILABLE'],
  ['store-failed', 'SERVICE_UNAVAILABLE'],
  ['input-invalid', 'UNPROCESSABLE_CONTENT'],
])('a failure %s is told as %s', async (failed, code) => {
  const refusing = procedure.mutation(() => {
    throw new FailureError(failure(failed, 'It is not done here.'));
  });
  await expect(
    router({ refusing })
      .createCaller({} as never)
      .refusing(),
  ).rejects.toMatchObject({ code });
});
