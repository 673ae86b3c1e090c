/** What a card says of the call in flight, or of the last one: one line, by call kind, as 8-contracts fixes their requests and results. */
import { isJsonObject, type CallView, type Json } from '@switchyard/shared';
import { durationText } from '../ui/figures.ts';

const longest = 120;

/** While it runs: the text as it streams in, else what was asked. Afterwards: what came back. */
export function callLine(call: CallView): string {
  if (call.failure) return call.failure.message;
  if (call.status === 'running') return call.text === '' ? short(asked(call), 'start') : short(call.text, 'end');
  return short(given(call), 'start');
}

/** How long it took; undefined while it runs. */
export function callTime(call: CallView): string | undefined {
  return call.endedAt === undefined ? undefined : durationText(call.endedAt - call.startedAt);
}

function asked({ kind, request }: CallView): string {
  const parts = isJsonObject(request) ? request : {};
  switch (kind) {
    case 'query':
      return text(parts.sql);
    case 'fetch':
      return `${text(parts.method)} ${text(parts.path)}`;
    case 'sandbox':
      return text(parts.code);
    case 'catalogue':
      return 'reading tables';
    default:
      return 'asked';
  }
}

function given({ kind, result, text: streamed }: CallView): string {
  const parts = isJsonObject(result) ? result : {};
  switch (kind) {
    case 'query':
      return Array.isArray(parts.rows) ? `${parts.rows.length} ${parts.rows.length === 1 ? 'row' : 'rows'}` : 'done';
    case 'fetch':
      return text(parts.status);
    case 'catalogue':
      return Array.isArray(parts.tables) ? `${parts.tables.length} tables` : 'read';
    case 'model':
      return text(parts.text) || streamed || 'chose what to call';
    default:
      return isJsonObject(result) && 'result' in result ? text(parts.result) : 'done';
  }
}

function text(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}

/** Of what streams in the end is news; of a statement the beginning tells it. */
function short(long: string, end: 'start' | 'end'): string {
  const line = long.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= longest) return line;
  return end === 'start' ? `${line.slice(0, longest)}…` : `…${line.slice(-longest)}`;
}
