/** Object stores that speak S3: s3rver, within the test's process on a free loopback port, and what is the same of every other one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import S3rver from 's3rver';

export interface BucketServer {
  endpoint: string;
  /** Of the user who may do everything. */
  accessKeyId: string;
  secretAccessKey: string;
  stop(): Promise<void>;
}

/** Starts s3rver on a folder of its own, without a bucket. */
export async function startS3rver(): Promise<BucketServer> {
  const directory = await mkdtemp(join(tmpdir(), 'switchyard-bucket-'));
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [] });
  const { port } = await server.run();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
    async stop() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A client of the user who may do everything, for whoever looks from outside; destroy it. */
export function connectOutside({ endpoint, accessKeyId, secretAccessKey }: BucketServer): S3Client {
  return new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
}

/** Makes a bucket with these objects. */
export async function makeBucket(server: BucketServer, name: string, objects: Readonly<Record<string, string>> = {}): Promise<void> {
  const client = connectOutside(server);
  try {
    await client.send(new CreateBucketCommand({ Bucket: name }));
    for (const [key, text] of Object.entries(objects)) await client.send(new PutObjectCommand({ Bucket: name, Key: key, Body: text }));
  } finally {
    client.destroy();
  }
}
