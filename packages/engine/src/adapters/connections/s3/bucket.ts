/** A bucket, or what begins with a prefix in it, as a store of objects. */
import { connectionTypeOf, type Connection } from '@switchyard/shared';
import type { ConnectorMeans } from '../connector.ts';
import { objectMissing, type ObjectFacts, type ObjectStore } from '../../objects/object-store.ts';
import { isMissing } from './explain.ts';
import { guardedHandler } from './guarded-handler.ts';

type S3Settings = Extract<Connection, { type: 's3' }>;

export async function openBucket(connection: S3Settings, means: ConnectorMeans): Promise<{ bucket: ObjectStore; close(): void }> {
  const sdk = await import('@aws-sdk/client-s3');
  const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
  const client = new sdk.S3Client(clientSettings(connection, means));
  const { bucket: Bucket, prefix } = connection;
  const at = (key: string) => ({ Bucket, Key: prefix + key });
  const head = async (key: string, signal: AbortSignal) => {
    try {
      return await client.send(new sdk.HeadObjectCommand(at(key)), { abortSignal: signal });
    } catch (error) {
      throw isMissing(error) ? objectMissing(key, means.name) : error;
    }
  };
  const bucket: ObjectStore = {
    name: means.name,
    async list({ prefix: asked, after, most }, signal) {
      const request = { Bucket, Prefix: prefix + asked, MaxKeys: most, ...(after !== undefined && { StartAfter: prefix + after }) };
      const { Contents = [], IsTruncated = false } = await client.send(new sdk.ListObjectsV2Command(request), { abortSignal: signal });
      return { objects: Contents.flatMap((found) => factsOf(found, prefix)), isCut: IsTruncated };
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
      await head(key, signal);
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
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}
