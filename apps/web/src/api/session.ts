/** Whether the server knows this browser. The one-time code in the address is exchanged for a cookie that scripts cannot read. */
import { create } from 'zustand';

export interface Session {
  /** `unknown` until the first answer. */
  status: 'unknown' | 'open' | 'closed';
  /** Why the last code was refused. */
  refusal?: string;
}

/** The session as components watch it. */
export const useSession = create<Session>(() => ({ status: 'unknown' }));

/** `fetch` that notes whether the server knows us. */
export async function sessionFetch(input: RequestInfo | URL, init?: object): Promise<Response> {
  const answer = await fetch(input, init);
  if (answer.status === 401) useSession.setState({ status: 'closed' });
  else if (answer.ok && useSession.getState().status !== 'open') useSession.setState({ status: 'open' });
  return answer;
}

/** Exchanges the code in the address, if there is one, and takes it out of the address and the history; gives whether it was accepted. Called before the first procedure. */
export async function openSession(): Promise<boolean> {
  const code = window.location.hash.slice(1);
  if (!/^[\w-]{32,}$/.test(code)) return false;
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  return await enterCode(code);
}

/** Exchanges a code; gives whether it was accepted. */
export async function enterCode(code: string): Promise<boolean> {
  try {
    const answer = await fetch('/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-switchyard': '1' },
      body: JSON.stringify({ code: code.trim() }),
    });
    if (answer.ok) {
      useSession.setState({ status: 'open' }, true);
      return true;
    }
    const refusal =
      'This code was used already or belongs to an earlier start. Restart the server and open the address that it prints, or give its access token.';
    refuse(refusal);
  } catch {
    refuse('The server cannot be reached. Check that it runs, then reload this page.');
  }
  return false;
}

/** A code used twice does no harm where the cookie of the first time still holds: the first procedure tells. Where that was refused already, nothing is open yet. */
function refuse(refusal: string): void {
  useSession.setState(({ status }) => ({ status: status === 'closed' ? 'closed' : 'unknown', refusal }));
}
