/** Bodies: JSON text, measured, and its depth and its keys counted before anything parses it. The routes get the text. */
import { documentLimits, jsonDepth } from '@switchyard/shared';
import type { FastifyInstance } from 'fastify';
import { jsonKeys, mostKeys } from './json-keys.ts';
import type { HttpRefusal } from './refuse.ts';

/** Bytes of a body: of most requests, of those that carry a flow, and of an import, whose document is escaped within a string. */
export const bodyLimits = { plain: 1_000_000, flow: documentLimits.bytes + 100_000, import: 2 * documentLimits.bytes + 100_000 } as const;

/** A flow stands this much deeper in a body than in its document: the batch, the input, the field. */
const envelopeDepth = 3;

/** Thrown while a request is read; the server's error handler answers with it. */
export class RequestRefused extends Error {
  readonly refusal: HttpRefusal;
  constructor(refusal: HttpRefusal) {
    super(refusal.message);
    this.name = 'RequestRefused';
    this.refusal = refusal;
  }
}

/** JSON is the only body that is read. */
export function addJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.addHook('preValidation', async (request) => {
    if (typeof request.body === 'string') checkShape(request.body);
    for (const value of Object.values(request.query as Record<string, unknown>)) if (typeof value === 'string') checkShape(value);
  });
}

function checkShape(text: string): void {
  const limit = documentLimits.depth + envelopeDepth;
  if (jsonKeys(text) > mostKeys)
    throw new RequestRefused({
      status: 413,
      reason: 'json-too-many-keys',
      message: `The request's JSON has more than ${mostKeys} keys, so it was not read. Send less at once, or what is long as a list or as text.`,
    });
  if (jsonDepth(text, limit) <= limit) return;
  throw new RequestRefused({
    status: 400,
    reason: 'json-too-deep',
    message: `The request's JSON is nested deeper than ${documentLimits.depth} levels, so it was not read.`,
  });
}
