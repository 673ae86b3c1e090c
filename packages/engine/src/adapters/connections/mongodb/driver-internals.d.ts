/** The part of the driver's inside that message-bound.ts wraps. */
declare module 'mongodb/lib/cmap/connection.js' {
  import type { Transform } from 'node:stream';
  export class SizedMessageTransform extends Transform {
    constructor(options: { connection: object });
  }
}
