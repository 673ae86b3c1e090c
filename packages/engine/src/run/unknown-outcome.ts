/** A write whose outcome is unknown: what a person is asked, and what their word for it counts as. */
import { isJsonObject, type CallTarget, type Failure, type Json } from '@switchyard/shared';
import type { Question } from '../asking.ts';
import type { Call } from '../port.ts';

/** A driver's failure that says: it may have taken effect, or not. */
export function isOutcomeUnknown(cause: Failure | undefined): boolean {
  return cause?.code === 'outcome-unknown';
}

/** A connector's word that it failed before anything was sent. */
export function wasNotSent(cause: Failure): boolean {
  return cause.cause?.code === 'not-sent';
}

/** `title`: what the node is called. */
export function outcomeQuestion({ kind, request }: Pick<Call, 'kind' | 'request'>, { node, operation }: CallTarget, title: string): Question {
  return {
    about: 'outcome',
    title: `Did the write of ${operation === undefined ? title : `${title}: ${operation}`} take effect?`,
    text: [
      'It was under way when it was broken off, so whether it took effect is not known. Look at what it writes to, then say:',
      '',
      `- **happened**, with its result as JSON, or null (${shapes[kind] ?? 'any JSON'});`,
      '- **repeat**, if it did not happen: it is made again;',
      '- **give up**: it counts as failed.',
    ].join('\n'),
    ...(operation !== undefined && { operation: `${node}.${operation}` }),
    arguments: request,
  };
}

const shapes: Readonly<Record<string, string>> = { fetch: 'the body of the answer', query: 'the rows, a list' };

/** The result as the room that asked for the call expects it: a person tells what came back, not how it is wrapped. */
export function toldResult(kind: string, told: Json): Json {
  if (kind === 'fetch')
    return isJsonObject(told) && typeof told.status === 'number' ? { headers: {}, body: null, ...told } : { status: 200, headers: {}, body: told };
  if (kind !== 'query') return told;
  if (isJsonObject(told) && Array.isArray(told.rows)) return { columns: [], ...told };
  return { columns: [], rows: Array.isArray(told) ? told.filter(isJsonObject) : [] };
}
