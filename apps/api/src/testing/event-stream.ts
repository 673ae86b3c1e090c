/** Reads a server's event stream as a browser does, for tests. */

export interface StreamedMessage {
  event: string;
  id?: string;
  data: string;
}

/** The messages of the response, until it ends or the caller stops. */
export async function* readEventStream(response: Response): AsyncGenerator<StreamedMessage> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const message: StreamedMessage = { event: 'message', data: '' };
      for (const line of part.split('\n')) {
        const [, name, value] = /^(event|id|data): ?(.*)$/.exec(line) ?? [];
        if (name === 'event' || name === 'id' || name === 'data') message[name] = value ?? '';
      }
      yield message;
    }
  }
}
