/**
 * Clients of one connection, each used by one call at a time: a driver's call that is out of time is ended by ending its client, and no other call feels it.
 *
 * 1. A client that a call has broken, or that has ended by itself, is not used again.
 * 2. A call whose time is up ends at once, whatever its driver does: one that is ended need not tell the statement under way.
 * 3. No more than `most` idle clients are kept, and none for longer than `idleMs`.
 */

import { NeverOpened } from './never-sent.ts';

export interface ClientPoolOptions<Client> {
  open(signal: AbortSignal): Promise<Client>;
  /** Ends it at once, whatever it is doing. Must not throw. */
  end(client: Client): void;
  isUsable(client: Client): boolean;
  most?: number;
  idleMs?: number;
}

/** Drivers that tell the end of a client do so within this. */
const graceMs = 20;

export class ClientPool<Client> {
  readonly #options: ClientPoolOptions<Client>;
  readonly #idle: { client: Client; timer: ReturnType<typeof setTimeout> }[] = [];
  readonly #busy = new Set<Client>();
  #isClosed = false;

  constructor(options: ClientPoolOptions<Client>) {
    this.#options = options;
  }

  /**
   * Does the work with a client of its own, which is ended when the signal aborts. Rejects with what `work` rejects with, or with NeverOpened; the
   * caller tells an abort apart by its signal.
   */
  async use<Result>(signal: AbortSignal, work: (client: Client) => Promise<Result>): Promise<Result> {
    signal.throwIfAborted();
    const client = this.#takeIdle() ?? (await this.#open(signal));
    this.#busy.add(client);
    let isCut = false;
    const ended = Promise.withResolvers<never>();
    const cut = () => {
      isCut = true;
      this.#options.end(client);
      // What the driver says of it comes first, where it says something.
      setTimeout(() => ended.reject(signal.aborted ? (signal.reason as Error) : new Error('The connection was closed')), graceMs);
    };
    if (signal.aborted || this.#isClosed) cut();
    else signal.addEventListener('abort', cut, { once: true });
    try {
      return await Promise.race([work(client), ended.promise]);
    } finally {
      signal.removeEventListener('abort', cut);
      this.#busy.delete(client);
      if (!isCut) this.#keep(client);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { client, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      this.#options.end(client);
    }
    for (const client of this.#busy) this.#options.end(client);
  }

  async #open(signal: AbortSignal): Promise<Client> {
    try {
      return await this.#options.open(signal);
    } catch (error) {
      throw new NeverOpened(error);
    }
  }

  #takeIdle(): Client | undefined {
    for (let kept = this.#idle.pop(); kept; kept = this.#idle.pop()) {
      clearTimeout(kept.timer);
      if (this.#options.isUsable(kept.client)) return kept.client;
      this.#options.end(kept.client);
    }
    return undefined;
  }

  #keep(client: Client): void {
    const { end, isUsable, most = 8, idleMs = 30_000 } = this.#options;
    if (this.#isClosed || !isUsable(client) || this.#idle.length >= most) {
      end(client);
      return;
    }
    const timer = setTimeout(() => {
      const place = this.#idle.findIndex((kept) => kept.client === client);
      if (place >= 0) this.#idle.splice(place, 1);
      end(client);
    }, idleMs);
    timer.unref();
    this.#idle.push({ client, timer });
  }
}
