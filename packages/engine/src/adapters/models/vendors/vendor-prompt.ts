/** A model request in the words of the vendor packages' provider interface. */
import type { LanguageModelV4CallOptions, LanguageModelV4Message, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { Message, ModelRequest, ToolCall } from '@switchyard/shared';
import { readArguments, withSchema } from '../chat-request.ts';
import type { ModelEndpoint } from '../model-endpoint.ts';

type Schema7 = NonNullable<LanguageModelV4CallOptions['tools']>[number] extends infer T ? (T extends { inputSchema: infer S } ? S : never) : never;

export interface VendorAsk {
  abortSignal: AbortSignal;
  protocol: ModelEndpoint['protocol'];
  /** The vendor's own. */
  providerOptions?: SharedV4ProviderOptions | undefined;
}

/** Options of one `doStream`. */
export function vendorOptions(request: ModelRequest, { abortSignal, protocol, providerOptions }: VendorAsk): LanguageModelV4CallOptions {
  const { messages, tools, output, temperature, maxTokens } = request;
  const isTold = output !== undefined && (protocol === 'json-object' || protocol === 'prompt');
  return {
    prompt: joinToolResults((isTold ? withSchema(messages, output) : messages).map(vendorMessage)),
    abortSignal,
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
    ...(tools &&
      tools.length > 0 && {
        tools: tools.map(({ name, description, parameters }) => ({ type: 'function' as const, name, description, inputSchema: parameters as Schema7 })),
      }),
    ...(output && protocol !== 'prompt' && { responseFormat: { type: 'json' as const, ...(!isTold && { name: 'result', schema: output as Schema7 }) } }),
    ...(providerOptions && { providerOptions }),
  };
}

function vendorMessage(message: Message): LanguageModelV4Message {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.text };
    case 'user':
      return { role: 'user', content: [{ type: 'text', text: message.text }] };
    case 'assistant':
      return {
        role: 'assistant',
        content: [...(message.text === '' ? [] : [{ type: 'text' as const, text: message.text }]), ...(message.toolCalls ?? []).map(vendorCall)],
      };
    case 'tool':
      return {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: message.toolCallId, toolName: message.name, output: { type: 'text', value: message.text } }],
      };
  }
}

function vendorCall(call: ToolCall) {
  const providerOptions = call.vendor as SharedV4ProviderOptions | undefined;
  return {
    type: 'tool-call' as const,
    toolCallId: call.id,
    toolName: call.name,
    input: readArguments(call.arguments),
    ...(providerOptions && { providerOptions }),
  };
}

/** Vendors want the results of one turn's calls in one message. */
function joinToolResults(messages: LanguageModelV4Message[]): LanguageModelV4Message[] {
  const joined: LanguageModelV4Message[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (message.role === 'tool' && last?.role === 'tool') last.content.push(...message.content);
    else joined.push(message);
  }
  return joined;
}
