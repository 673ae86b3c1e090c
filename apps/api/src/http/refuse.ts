/** How the server says no outside of a procedure: one JSON shape for every route, which a tRPC client reads as an error too. */
import type { FastifyReply } from 'fastify';

export interface HttpRefusal {
  status: number;
  /** Stable and kebab-case. */
  reason: string;
  /** What was refused, why, and what to do. */
  message: string;
  headers?: Record<string, string>;
}

/** JSON-RPC numbers and names as tRPC pairs them with an HTTP status. */
const codes: Readonly<Record<number, readonly [number, string]>> = {
  400: [-32600, 'BAD_REQUEST'],
  401: [-32001, 'UNAUTHORIZED'],
  403: [-32003, 'FORBIDDEN'],
  404: [-32004, 'NOT_FOUND'],
  405: [-32005, 'METHOD_NOT_SUPPORTED'],
  413: [-32013, 'PAYLOAD_TOO_LARGE'],
  415: [-32015, 'UNSUPPORTED_MEDIA_TYPE'],
  421: [-32600, 'BAD_REQUEST'],
  429: [-32029, 'TOO_MANY_REQUESTS'],
};

export function refuse(reply: FastifyReply, { status, reason, message, headers = {} }: HttpRefusal): FastifyReply {
  const [number, code] = codes[status] ?? [-32603, 'INTERNAL_SERVER_ERROR'];
  const body = { error: { code: number, message, data: { code, httpStatus: status, reason } } };
  return reply.code(status).headers(headers).type('application/json; charset=utf-8').send(JSON.stringify(body));
}
