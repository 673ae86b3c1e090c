/** The kind `objects` on a bucket of its own of a server that speaks S3: the connection `store`. */
import type { Connection, Json, JsonObject } from '@switchyard/shared';
import { ask, failureOf } from '../../adapters/testing/host-bench.ts';
import { makeBucket, type BucketServer } from '../servers/bucket-server.ts';
import { RoomBench } from '../room-bench.ts';

type S3Settings = Extract<Connection, { type: 's3' }>;

let made = 0;

export class BucketBench extends RoomBench {
  readonly server: BucketServer;
  readonly bucket = `bucket-${++made}`;

  private constructor(server: BucketServer) {
    super('objects');
    this.server = server;
    this.secrets.S3_SECRET = server.secretAccessKey;
    this.set({});
  }

  /** Makes the bucket, with these objects. */
  static async open(server: BucketServer, objects: Readonly<Record<string, string>> = {}): Promise<BucketBench> {
    const bench = new BucketBench(server);
    await makeBucket(server, bench.bucket, objects);
    return bench;
  }

  /** Sets the connection: that of the user who may do everything, but for this. */
  set(more: Partial<S3Settings>): void {
    this.connections.store = {
      type: 's3',
      endpoint: this.server.endpoint,
      bucket: this.bucket,
      region: 'us-east-1',
      accessKeyId: this.server.accessKeyId,
      secretAccessKey: { secret: 'S3_SECRET' },
      prefix: '',
      forcePathStyle: true,
      ...more,
    };
  }

  async act(action: string, args: JsonObject = {}, effect: 'read' | 'write' = 'read'): Promise<JsonObject> {
    return await ask<JsonObject>(await this.host(), 'connect', { connection: 'store', action, arguments: args }, { effect });
  }

  async write(key: string, text: string): Promise<JsonObject> {
    return await this.act('write', { key, text }, 'write');
  }

  async read(key: string, more: JsonObject = {}): Promise<JsonObject> {
    return await this.act('read', { key, ...more });
  }

  /** The keys of one listing. */
  async keys(args: JsonObject = {}): Promise<string[]> {
    return ((await this.act('list', args)).objects as { key: string }[]).map(({ key }) => key);
  }

  /** All keys, from pages of so many objects. */
  async pages(count: number, args: JsonObject = {}): Promise<string[][]> {
    const pages: string[][] = [];
    for (let after: Json | undefined; ; ) {
      const page = await this.act('list', { ...args, count, ...(after !== undefined && { after }) });
      const keys = (page.objects as { key: string }[]).map(({ key }) => key);
      pages.push(keys);
      if (page.truncated !== true) return pages;
      if (keys.length === 0) throw new Error('A page that is cut has no key after which to go on');
      after = keys.at(-1);
    }
  }

  /** The code of the failure that an action ends with. */
  async code(action: string, args: JsonObject = {}, effect: 'read' | 'write' = 'read'): Promise<string> {
    return (await failureOf(this.act(action, args, effect))).code;
  }
}
