/** A bucket, or what begins with a prefix in it, as a store of objects. */
import type { ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import { connectionTypeOf, type Connection } from '@switchyard/shared';
import { GatheredBytes } from '../../gathered-bytes.ts';
import type { ConnectorMeans } from '../connector.ts';
import { objectMissing, type ObjectFacts, type ObjectStore } from '../../objects/object-store.ts';
import { isMissing } from './explain.ts';
import { guardedHandler } from './guarded-handler.ts';

type S3Settings = Extract<Connection, { type: 's3' }>;

/** Keys that a store gives at once. */
const largestPage = 1000;

export async function openBucket(connection: S3Settings, means: ConnectorMeans): Promise<{ bucket: ObjectStore; close(): void }> {
  const sdk = await import('@aws-sdk/client-s3');
  const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
  const client = new sdk.S3Client(clientSettings(connection, means));
  const { bucket: Bucket, prefix } = connection;
  const at = (key: string) => ({ Bucket, Key: prefix + key });
  const bucket: ObjectStore = {
    name: means.name,
    async list({ prefix: asked, after, most }, signal) {
      const objects: ObjectFacts[] = [];
      const below = { Bucket, Prefix: prefix + asked };
      let page: ListObjectsV2CommandInput = { ...below, MaxKeys: most, ...(after !== undefined && { StartAfter: prefix + after }) };
      // A page may hold little but what stands for folders; one without an object would have no key after which to go on.
      for (;;) {
        const { Contents = [], IsTruncated = false, NextContinuationToken } = await client.send(new sdk.ListObjectsV2Command(page), { abortSignal: signal });
        for (const found of Contents) objects.push(...factsOf(found, prefix));
        if (!IsTruncated || NextContinuationToken === undefined || objects.length >= most)
          return { objects: objects.slice(0, most), isCut: IsTruncated || objects.length > most };
        page = { ...below, MaxKeys: largestPage, ContinuationToken: NextContinuationToken };
      }
    },
    async read(key, most, signal) {
      try {
        const { Body, ContentLength = 0, ContentType } = await client.send(new sdk.GetObjectCommand(at(key)), { abortSignal: signal });
        const bytes = await firstBytes(Body as AsyncIterable<Uint8Array> | undefined, most);
        return { bytes, size: Math.max(ContentLength, bytes.length), ...(ContentType !== undefined && { mediaType: ContentType }) };
      } catch (error) {
        throw isMissing(error) ? objectMissing(key, means.name) : error;
      }
    },
    async link(key, seconds, signal) {
      try {
        await client.send(new sdk.HeadObjectCommand(at(key)), { abortSignal: signal });
      } catch {
        // The answer to HEAD has no body to tell why; the answer to GET has.
        await bucket.read(key, 1, signal);
      }
      return await getSignedUrl(client, new sdk.GetObjectCommand(at(key)), { expiresIn: seconds });
    },
    async write(key, { bytes, mediaType }, signal) {
      await client.send(new sdk.PutObjectCommand({ ...at(key), Body: bytes, ContentType: mediaType }), { abortSignal: signal });
    },
    async remove(key, signal) {
      await client.send(new sdk.DeleteObjectCommand(at(key)), { abortSignal: signal });
    },
  };
  return { bucket, close: () => client.destroy() };
}

/** Everything is said here: what is left out, the client would look for in the environment, in files of this machine, and at the metadata service. */
function clientSettings(connection: S3Settings, means: ConnectorMeans) {
  const { region, endpoint, accessKeyId, secretAccessKey, forcePathStyle } = connection;
  return {
    region,
    endpoint: endpoint ?? `https://s3.${region}.amazonaws.com`,
    forcePathStyle,
    credentials: { accessKeyId, secretAccessKey: means.text(secretAccessKey, 'its secret access key') },
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard' as const,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    useArnRegion: false,
    followRegionRedirects: false,
    disableS3ExpressSessionAuth: true,
    requestChecksumCalculation: 'WHEN_REQUIRED' as const,
    responseChecksumValidation: 'WHEN_REQUIRED' as const,
    requestHandler: guardedHandler(means.egress.dispatcher(connectionTypeOf(connection).origins(connection))),
  };
}

function factsOf(
  { Key, Size = 0, LastModified, ETag }: { Key?: string | undefined; Size?: number | undefined; LastModified?: Date | undefined; ETag?: string | undefined },
  prefix: string,
): ObjectFacts[] {
  // What ends with a slash stands for a folder, and holds nothing.
  if (Key === undefined || !Key.startsWith(prefix) || Key === prefix || Key.endsWith('/')) return [];
  const modified = (LastModified ?? new Date(0)).toISOString();
  return [{ key: Key.slice(prefix.length), size: Size, modified, version: ETag ?? `${Size}-${modified}` }];
}

/** Leaving the loop ends the stream. */
async function firstBytes(body: AsyncIterable<Uint8Array> | undefined, most: number): Promise<Buffer> {
  const gathered = new GatheredBytes();
  for await (const chunk of body ?? []) {
    gathered.add(chunk);
    if (gathered.length >= most) break;
  }
  return gathered.whole().subarray(0, most);
}
