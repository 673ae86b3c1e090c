/** Connections to a bucket of an object store that speaks the protocol of S3: Amazon's own, MinIO, Ceph, and others. */
import { z } from 'zod';
import { connectionField, defineConnection } from './define-connection.ts';

export const s3Connection = defineConnection({
  type: 's3',
  title: 'S3 bucket',
  description: 'Objects of S3, MinIO, Ceph and the like',
  group: 'Files and storage',
  performs: ['connect'],
  speaks: 'objects',
  fields: {
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket is named by 3 to 63 small letters, digits, dots and hyphens')
      .meta({ title: 'Bucket', isCode: true, isShort: true, placeholder: 'reports' }),
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'write a region such as eu-central-1')
      .default('us-east-1')
      .meta({ title: 'Region', isCode: true, isShort: true }),
    endpoint: z
      .url({ protocol: /^https?$/, error: 'write an address such as https://minio.example.com:9000' })
      .optional()
      .meta({
        title: 'Endpoint',
        description: "Address of the store; left empty, it is Amazon's for the region.",
        placeholder: 'https://minio.example.com:9000',
        isCode: true,
      }),
    accessKeyId: z.string().min(1).meta({ title: 'Access key id', description: 'A key that may only read is the safest.', isCode: true, isShort: true }),
    secretAccessKey: connectionField.secret({ title: 'Secret access key', isShort: true }),
    prefix: z
      .string()
      .max(512)
      .default('')
      .meta({ title: 'Keys that begin with', description: 'Only these are reached, and they are named without it.', placeholder: 'team-a/', isCode: true }),
    forcePathStyle: z
      .boolean()
      .default(true)
      .meta({ title: 'Bucket in the path', description: 'MinIO and Ceph mostly want it; Amazon takes both.', isAdvanced: true }),
  },
  address: ({ bucket, prefix, ...connection }) => `${endpointOf(connection)}/${bucket}/${prefix}`,
  origins: ({ bucket, forcePathStyle, ...connection }) => {
    const { origin, protocol, host } = new URL(endpointOf(connection));
    return forcePathStyle ? [origin] : [`${protocol}//${bucket}.${host}`];
  },
});

function endpointOf({ endpoint, region }: { endpoint?: string | undefined; region: string }): string {
  return (endpoint ?? `https://s3.${region}.amazonaws.com`).replace(/\/+$/, '');
}
