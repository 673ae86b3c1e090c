/** The server's log: JSON lines on stderr, without bodies, credentials or secrets. */
import pino, { type DestinationStream, type Logger } from 'pino';

export interface LogOptions {
  level: string;
  /** Masks secrets in a finished line. */
  mask(line: string): string;
  /** Default: stderr. */
  destination?: DestinationStream;
}

export function createLog({ level, mask, destination }: LogOptions): Logger {
  const known = Object.hasOwn(pino.levels.values, level) || level === 'silent' ? level : 'warn';
  return pino(
    {
      level: known,
      redact: { paths: ['*.authorization', '*.cookie', '*["set-cookie"]', 'req.headers', 'res.headers', '*.body', '*.apiKey', '*.value'], remove: true },
      // A URL's query carries a procedure's input, so only the path is kept.
      serializers: { req: ({ method, url }: { method?: string; url?: string }) => ({ method, path: url?.split('?')[0] }) },
      hooks: { streamWrite: mask },
    },
    destination ?? pino.destination({ fd: 2, sync: true }),
  );
}
