/** What an error of the store or of its client means, in words that help whoever reads them. */
import { FailureError, failure, type Retry } from '@switchyard/shared';

const known: readonly { names: readonly string[]; code: string; say: string; retry?: Retry }[] = [
  { names: ['NoSuchBucket'], code: 'connection-invalid', say: 'there is no such bucket. Check its name and its endpoint' },
  {
    names: ['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidToken', 'ExpiredToken', 'AuthorizationHeaderMalformed'],
    code: 'connection-denied',
    say: 'the access key, its secret or the region is wrong',
  },
  { names: ['AccessDenied', 'Forbidden', 'AllAccessDisabled'], code: 'connection-denied', say: 'its key may not do this' },
  { names: ['RequestTimeTooSkewed'], code: 'connection-denied', say: "the clock of the server's machine is wrong" },
  { names: ['PermanentRedirect', 'IllegalLocationConstraintException'], code: 'connection-invalid', say: 'the bucket is in another region. Set the region' },
  {
    names: ['SlowDown', 'ServiceUnavailable', 'TooManyRequests', 'RequestTimeout', 'InternalError'],
    code: 'connection-busy',
    say: 'it is busy now',
    retry: 'policy',
  },
  { names: ['EntityTooLarge', 'QuotaExceeded', 'XMinioStorageFull'], code: 'connection-full', say: 'it has no room for the object' },
];

/** Does it say that nothing is at a key? */
export function isMissing(error: unknown): boolean {
  return ['NoSuchKey', 'NotFound'].includes((error as { name?: string } | undefined)?.name ?? '');
}

/** The failure of a call. */
export function explain(error: unknown, name: string): FailureError {
  if (error instanceof FailureError) return error;
  const { name: said = '', message = String(error), cause, $metadata } = error as Partial<Error> & { $metadata?: { httpStatusCode?: number } };
  if (cause instanceof FailureError) return cause;
  const found = known.find(({ names }) => names.includes(said));
  if (found)
    return told(found, `Connection "${name}" did not do it: ${found.say}. The store says: ${said}${message && message !== said ? `: ${message}` : ''}`);
  const status = $metadata?.httpStatusCode;
  if (status === 403) return told({ code: 'connection-denied' }, `Connection "${name}" did not do it: its key may not do this, or is wrong (status 403).`);
  if (status !== undefined && status >= 500)
    return told({ code: 'connection-busy', retry: 'policy' }, `Connection "${name}" did not do it: the store has a problem (status ${status}: ${said}).`);
  if (status !== undefined && status >= 400) return told({ code: 'action-failed' }, `Connection "${name}" did not do it. The store says: ${said}: ${message}`);
  return told(
    { code: 'connection-unreachable', retry: 'policy' },
    `Connection "${name}" cannot be reached: ${message}. See whether the store is up, its endpoint is right, and it speaks the protocol of S3.`,
  );
}

function told({ code, retry }: { code: string; retry?: Retry }, text: string): FailureError {
  return new FailureError(failure(code, text, retry ? { retry } : {}));
}
