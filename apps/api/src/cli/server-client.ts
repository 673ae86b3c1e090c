/** Asks the server that holds a data folder. It is on this machine, at the address it noted there, and is shown the folder's token. */
import { CommandRefused } from './command.ts';

export interface KnownServer {
  /** Such as http://127.0.0.1:4680. */
  url: string;
  token: string;
}

export interface ServerCall {
  path: string;
  input: object;
}

const timeoutMs = 60_000;

/** What the procedure gives; throws a refusal with the server's words where it refuses, or cannot be reached. */
export async function callServer({ url, token }: KnownServer, kind: 'query' | 'mutation', { path, input }: ServerCall): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'x-switchyard': '1', 'content-type': 'application/json' };
  const text = JSON.stringify(input);
  let response: Response;
  let body: { result?: { data: unknown }; error?: { message: string }; message?: string };
  try {
    response =
      kind === 'query'
        ? await fetch(`${url}/trpc/${path}?input=${encodeURIComponent(text)}`, { headers, signal: AbortSignal.timeout(timeoutMs), redirect: 'error' })
        : await fetch(`${url}/trpc/${path}`, { method: 'POST', headers, body: text, signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
    body = (await response.json()) as typeof body;
  } catch (error) {
    throw new CommandRefused(
      `The server at ${url}, which holds the data folder, cannot be asked: ${(error as Error).message}. Stop it first, or ask it in the browser.`,
    );
  }
  if (body.result) return body.result.data;
  if (response.status === 401)
    throw new CommandRefused(`The server at ${url} does not take this folder's token. Where it was started with SWITCHYARD_TOKEN, set the same here.`);
  throw new CommandRefused(body.error?.message ?? body.message ?? `The server at ${url} answered with ${response.status}.`);
}
