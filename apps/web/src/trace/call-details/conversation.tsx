/** A model's messages as a conversation, tool calls readable. */
import type { Message, Tool, ToolCall } from '@switchyard/shared';
import { useState, type ReactNode } from 'react';
import { classNames } from '../../ui/class-names.ts';
import { CodeView } from '../../ui/code-view.tsx';
import { counted } from '../../ui/figures.ts';
import { Icon } from '../../ui/icon.tsx';

const names: Record<Message['role'], string> = { system: 'System', user: 'User', assistant: 'Model', tool: 'Tool result' };
const longMessage = 600;

/** Long messages are folded; the last is open. */
export function Conversation({ messages, tools }: { messages: readonly Message[]; tools: readonly Tool[] }) {
  return (
    <ol className="space-y-2">
      {messages.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages of a request are never moved.
        <li key={index}>
          <Said
            name={message.role === 'tool' ? `${names.tool}: ${message.name}` : names[message.role]}
            text={message.text}
            isOpen={index === messages.length - 1}
          >
            {message.role === 'assistant' && message.toolCalls && <ToolCalls calls={message.toolCalls} />}
          </Said>
        </li>
      ))}
      {tools.length > 0 && (
        <li>
          <Tools tools={tools} />
        </li>
      )}
    </ol>
  );
}

interface SaidProps {
  name: string;
  text: string;
  isOpen: boolean;
  children?: ReactNode;
}

/** One message. */
export function Said({ name, text, isOpen, children }: SaidProps) {
  const [isWhole, setWhole] = useState(isOpen || text.length <= longMessage);
  return (
    <div>
      <button
        type="button"
        aria-expanded={isWhole}
        onClick={() => setWhole(!isWhole)}
        className="flex items-center gap-1 text-xs font-semibold text-dim hover:text-text"
      >
        <Icon name={isWhole ? 'chevron-down' : 'chevron-right'} size={12} />
        {name}
        {!isWhole && <span className="font-normal text-faint">{counted(text.length, 'character')}</span>}
      </button>
      {isWhole && text !== '' && (
        <CodeView text={text} label={name} className="mt-1 max-h-80" {...(looksLikeJson(text) ? { language: 'json' as const } : { isProse: true })} />
      )}
      {children}
    </div>
  );
}

/** What the model asked to be called, with which arguments. */
export function ToolCalls({ calls }: { calls: readonly ToolCall[] }) {
  return (
    <ul className="mt-1 space-y-1">
      {calls.map((call) => (
        <li key={call.id} className="rounded-md border border-line px-2 py-1">
          <span className="flex items-center gap-1 text-xs font-semibold">
            <Icon name="wrench" size={12} className="text-control" />
            {call.name}
          </span>
          <Arguments text={call.arguments} />
        </li>
      ))}
    </ul>
  );
}

/** Arguments by name; as written where they are no JSON object. */
function Arguments({ text }: { text: string }) {
  const values = parseObject(text);
  if (!values) return <CodeView text={text} label="Arguments" className="mt-1" />;
  return (
    <dl className="mt-1 space-y-1">
      {Object.entries(values).map(([name, value]) => (
        <div key={name} className="grid grid-cols-[minmax(4rem,auto)_1fr] gap-2 text-xs">
          <dt className="text-dim">{name}</dt>
          <dd className="min-w-0">
            {name === 'sql' && typeof value === 'string' ? (
              <CodeView text={value} language="sql" label="SQL" />
            ) : (
              <code className="font-mono break-words">{typeof value === 'string' ? value : JSON.stringify(value)}</code>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Tools({ tools }: { tools: readonly Tool[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex items-center gap-1 text-xs font-semibold text-dim hover:text-text"
      >
        <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} size={12} />
        {counted(tools.length, 'tool')} offered
      </button>
      <ul className={classNames('mt-1 space-y-1', !isOpen && 'hidden')}>
        {tools.map((tool) => (
          <li key={tool.name} className="text-xs">
            <code className="font-mono font-medium">{tool.name}</code> <span className="text-dim">{tool.description}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text) && /[\]}]\s*$/.test(text);
}
