/** What came back from a tool call, as the planner reads it. It is data: shown, and passed on where a parameter asks for it, never followed. */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';

export type Outcome =
  | { kind: 'failure'; code: string; message: string }
  | { kind: 'table'; columns: string[]; rows: JsonObject[]; isCut: boolean }
  | { kind: 'value'; value: Json };

const httpError = 400;

/** Reads a tool message: JSON, perhaps between data tags; a table, an HTTP answer, a failure or any other value. */
export function readOutcome(text: string): Outcome {
  const inner = /^\s*<data[^>]*>\n?([\s\S]*?)\n?<\/data>\s*$/.exec(text)?.[1] ?? text;
  let value: Json;
  try {
    value = JSON.parse(inner) as Json;
  } catch {
    // Text, or JSON that was cut for its length: nothing can be read from a half.
    return /^\s*[[{]/.test(inner)
      ? { kind: 'failure', code: 'result-cut', message: 'The result is too long to be read whole.' }
      : { kind: 'value', value: inner };
  }
  return outcomeOf(value);
}

function outcomeOf(value: Json): Outcome {
  if (Array.isArray(value)) return isRows(value) ? { kind: 'table', columns: columnsOf(value), rows: value, isCut: false } : { kind: 'value', value };
  if (!isJsonObject(value)) return { kind: 'value', value };
  if (isJsonObject(value.failure))
    return { kind: 'failure', code: String(value.failure.code ?? 'failed'), message: String(value.failure.message ?? 'It failed.') };
  if (typeof value.kept === 'string') return keptOutcome(value);
  if (Array.isArray(value.rows) && isRows(value.rows)) {
    const columns = Array.isArray(value.columns) ? value.columns.map(String) : columnsOf(value.rows);
    return { kind: 'table', columns, rows: value.rows, isCut: value.truncated === true };
  }
  if (typeof value.status === 'number' && 'body' in value) return httpOutcome(value.status, value.body ?? null);
  return { kind: 'value', value };
}

/** What stands for a result that the control node keeps: its first rows, or how it begins. */
function keptOutcome({ first, begins }: JsonObject): Outcome {
  if (Array.isArray(first) && isRows(first)) return { kind: 'table', columns: columnsOf(first), rows: first, isCut: true };
  return { kind: 'value', value: first ?? begins ?? null };
}

function httpOutcome(status: number, body: Json): Outcome {
  if (status >= httpError) return { kind: 'failure', code: `http-${status}`, message: messageIn(body) ?? `It answered with status ${status}.` };
  return outcomeOf(isJsonObject(body) && 'failure' in body ? { value: body } : body);
}

function messageIn(body: Json): string | undefined {
  if (typeof body === 'string') return body.slice(0, 200) || undefined;
  if (!isJsonObject(body)) return undefined;
  if (typeof body.message === 'string') return body.message.slice(0, 200);
  return body.error === undefined ? undefined : messageIn(body.error);
}

function isRows(list: readonly Json[]): list is JsonObject[] {
  return list.every(isJsonObject);
}

function columnsOf(rows: readonly JsonObject[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

/** Did it find nothing? */
export function isEmpty(outcome: Outcome): boolean {
  if (outcome.kind === 'table') return outcome.rows.length === 0;
  return outcome.kind === 'value' && (outcome.value === null || outcome.value === '' || (Array.isArray(outcome.value) && outcome.value.length === 0));
}
