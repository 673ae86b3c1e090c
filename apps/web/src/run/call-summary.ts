/** One short line that tells a call from its neighbours: by call kind, as 8-contracts fixes their requests. */
import { isJsonObject, type CallView, type Json } from '@switchyard/shared';

const longest = 160;

/** The model asked, the statement, the path, the code's first line; else the request as compact JSON. */
export function callSummary({ kind, request }: Pick<CallView, 'kind' | 'request'>): string {
  const asked = isJsonObject(request) ? request : {};
  const summary = summarise(kind, asked) ?? JSON.stringify(request ?? null);
  return summary.length > longest ? `${summary.slice(0, longest)}…` : summary;
}

function summarise(kind: string, asked: { [key: string]: Json }): string | undefined {
  switch (kind) {
    case 'model':
      return text(asked.model);
    case 'query':
      return text(asked.sql)?.replaceAll(/\s+/g, ' ').trim();
    case 'fetch':
      return [text(asked.method), text(asked.path)].filter(Boolean).join(' ');
    case 'sandbox':
      return text(asked.code)?.trim().split('\n')[0];
    case 'catalogue':
      return text(asked.connection);
    default:
      return undefined;
  }
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
