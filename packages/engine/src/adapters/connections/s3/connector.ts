/** Buckets of S3 and of what speaks its protocol: one client per connection, all of its requests through the guarded way out. */
import type { Connector } from '../connector.ts';
import { describeStore, performObjectAction } from '../../objects/object-actions.ts';
import { wasNeverSent } from '../http/http-failures.ts';
import { neverSent } from '../never-sent.ts';
import { openBucket } from './bucket.ts';
import { explain } from './explain.ts';

export const s3Connector: Connector<'s3'> = {
  type: 's3',
  async open(connection, means) {
    const { bucket, close } = await openBucket(connection, means);
    return {
      connect: (request, call) =>
        performObjectAction(bucket, request, call).catch((error: unknown) => {
          const known = call.deadline.failure(`The call to "${means.name}"`) ?? explain(error, means.name);
          // A write is one request, and the client does not repeat it.
          throw wasNeverSent(error) ? neverSent(known, call) : known;
        }),
      check: (call) =>
        describeStore(bucket, call.deadline.signal).catch((error: unknown) => {
          throw call.deadline.failure(`The call to "${means.name}"`) ?? explain(error, means.name);
        }),
      close: async () => close(),
    };
  },
};
