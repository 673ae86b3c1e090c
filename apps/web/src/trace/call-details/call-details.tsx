/** Request and response of a call, made readable by call kind, as 8-contracts fixes them. A kind unknown here is shown as JSON. */
import {
  isJsonObject,
  type CallView,
  type Catalogue,
  type ConnectRequest,
  type FetchRequest,
  type FetchResult,
  type Json,
  type ModelRequest,
  type ModelResult,
  type QueryRequest,
  type QueryResult,
  type SandboxRequest,
  type SandboxResult,
} from '@switchyard/shared';
import type { ReactNode } from 'react';
import { CodeView } from '../../ui/code-view.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { counted } from '../../ui/figures.ts';
import { ValueView } from '../../ui/value-view.tsx';
import { DetailBlock } from '../detail-block.tsx';
import { Conversation, Said, ToolCalls } from './conversation.tsx';

interface Reading {
  /** Beside the title. */
  note?: string;
  body?: ReactNode;
}

interface Reader {
  request(request: Json): Reading;
  result(result: Json): Reading;
}

const readers: Record<string, Reader> = {
  model: { request: readModelRequest, result: readModelResult },
  query: { request: readQuery, result: readRows },
  fetch: { request: readFetch, result: readAnswer },
  sandbox: { request: readCode, result: readCodeResult },
  connect: { request: readConnect, result: readConnectResult },
  catalogue: { request: (request) => ({ note: isJsonObject(request) ? String(request.connection) : '' }), result: readCatalogue },
};

/** Both, and the text streamed so far while the call is in flight. */
export function CallDetails({ call }: { call: CallView }) {
  const reader = Object.hasOwn(readers, call.kind) ? readers[call.kind] : undefined;
  const asked = attempt(() => reader?.request(call.request));
  const got = call.result === undefined ? undefined : attempt(() => reader?.result(call.result as Json));
  return (
    <>
      {call.result !== undefined && (
        <DetailBlock title="Response" value={call.result} note={got?.note}>
          {got?.body}
        </DetailBlock>
      )}
      {call.result === undefined && call.text !== '' && (
        <DetailBlock title={call.status === 'running' ? 'Response so far' : 'Response, as far as it came'} value={call.text} />
      )}
      <DetailBlock title="Request" value={call.request} note={asked?.note}>
        {asked?.body}
      </DetailBlock>
    </>
  );
}

/** A request that is not as its contract says is shown as JSON, never a broken panel. */
function attempt(read: () => Reading | undefined): Reading | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function readModelRequest(request: Json): Reading {
  const { model, messages, tools = [], output } = request as unknown as ModelRequest;
  return {
    note: `${model} · ${counted(messages.length, 'message')}${output ? ' · answers as JSON' : ''}`,
    body: <Conversation messages={messages} tools={tools} />,
  };
}

function readModelResult(result: Json): Reading {
  const { text, toolCalls, finish, served, reasoning, confidence } = result as unknown as ModelResult;
  const sure = confidence === undefined ? '' : ` · ${Math.round(confidence * 100)} % sure`;
  return {
    note: `${served} · ${finish === 'tool-calls' ? 'asks for calls' : finish}${sure}`,
    body: (
      <>
        {reasoning !== undefined && <Said name="Reasoning" text={reasoning} isOpen={false} />}
        {toolCalls.length > 0 ? (
          <Said name="Model" text={text} isOpen>
            <ToolCalls calls={toolCalls} />
          </Said>
        ) : (
          <CodeView text={text} label="Response" className="max-h-96" {...(/^\s*[[{]/.test(text) ? { language: 'json' as const } : { isProse: true })} />
        )}
      </>
    ),
  };
}

function readQuery(request: Json): Reading {
  const { connection, sql, parameters, access } = request as unknown as QueryRequest;
  return {
    note: `${connection} · ${access}`,
    body: (
      <div className="space-y-1">
        <CodeView text={sql} language="sql" label="SQL" className="max-h-80" />
        {Object.keys(parameters).length > 0 && <ValueView value={parameters} label="Parameters" />}
      </div>
    ),
  };
}

function readRows(result: Json): Reading {
  const { columns, rows, truncated } = result as unknown as QueryResult;
  return {
    note: `${counted(rows.length, 'row')}${truncated ? ', cut at the limit' : ''}`,
    body:
      rows.length > 0 ? (
        <DataTable label="Rows" columns={columns} rows={rows} />
      ) : (
        <p className="text-xs text-dim">No rows; the columns are {columns.join(', ')}.</p>
      ),
  };
}

function readFetch(request: Json): Reading {
  const { connection, method, path, query, headers, body } = request as unknown as FetchRequest;
  const search = query && Object.keys(query).length > 0 ? `?${new URLSearchParams(query).toString()}` : '';
  return {
    note: connection,
    body: (
      <div className="space-y-1">
        <CodeView text={`${method} ${path}${search}`} label="Method and path" />
        {headers && Object.keys(headers).length > 0 && <ValueView value={headers} label="Headers" />}
        {body !== undefined && <ValueView value={body} label="Body" className="max-h-80" />}
      </div>
    ),
  };
}

function readAnswer(result: Json): Reading {
  const { status, body } = result as unknown as FetchResult;
  return { note: `status ${status}`, body: <ValueView value={body} label="Body" className="max-h-96" /> };
}

function readCode(request: Json): Reading {
  const { code, inputs, calls } = request as unknown as SandboxRequest;
  const answered = calls?.rounds.flat() ?? [];
  return {
    note: `JavaScript, sandboxed${answered.length > 0 ? ` · with the answers to ${counted(answered.length, 'call')}` : ''}`,
    body: (
      <div className="space-y-1">
        <CodeView text={code} language="javascript" label="Code" className="max-h-96" />
        {Object.keys(inputs).length > 0 && <ValueView value={inputs} label="Inputs" className="max-h-80" />}
        {answered.length > 0 && <ValueView value={answered} label="What its calls gave" className="max-h-80" />}
      </div>
    ),
  };
}

function readCodeResult(result: Json): Reading {
  const { result: value, logs, pending } = result as unknown as SandboxResult;
  const notes = [...(pending ? [`waits for ${counted(pending.length, 'call')}`] : []), ...(logs.length > 0 ? [`${counted(logs.length, 'line')} logged`] : [])];
  return {
    ...(notes.length > 0 && { note: notes.join(' · ') }),
    body: (
      <div className="space-y-1">
        <ValueView value={pending ?? value} label={pending ? 'Asks for' : 'Result'} className="max-h-96" />
        {logs.length > 0 && <CodeView text={logs.join('\n')} label="Logged" className="max-h-60" />}
      </div>
    ),
  };
}

function readConnect(request: Json): Reading {
  const { connection, action, arguments: values } = request as unknown as ConnectRequest;
  return { note: `${action} on ${connection}`, body: <ValueView value={values} label="Arguments" className="max-h-80" /> };
}

function readConnectResult(result: Json): Reading {
  return { body: <ValueView value={result} label="Result" className="max-h-96" /> };
}

function readCatalogue(result: Json): Reading {
  const { tables } = result as unknown as Partial<Catalogue>;
  if (!tables?.every((table) => Array.isArray(table.columns))) return { body: <ValueView value={result} label="What it holds" className="max-h-96" /> };
  const rows = tables.map((table) => ({ table: table.name, rows: table.rows, columns: table.columns.map((column) => column.name).join(', ') }));
  return { note: counted(tables.length, 'table'), body: <DataTable label="Tables" columns={['table', 'rows', 'columns']} rows={rows} /> };
}
