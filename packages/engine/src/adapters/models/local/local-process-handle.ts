/** The process of one local model as the host sees it: answers one request at a time, in the order asked, and can be ended whatever it does. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LocalAnswer, LocalAsk, LocalFailure, LocalReply, LocalRequest, LocalRuntime } from './local-protocol.ts';

const program = fileURLToPath(new URL('./local-process.ts', import.meta.url));
/** How long an answer may take to end once it is told to; native code that does not look up is killed. */
const graceMs = 2000;

interface Waiting {
  ask: LocalAsk;
  signal: AbortSignal;
  onText(text: string): void;
  settle(outcome: LocalAnswer | { failure: LocalFailure } | 'stopped'): void;
}

export class LocalProcess {
  readonly #queue: Waiting[] = [];
  #current: Waiting | undefined;
  #child: ChildProcess | undefined;
  #grace: NodeJS.Timeout | undefined;
  readonly #argv: [LocalRuntime, string];
  /** Of the latest request. */
  usedAt = Date.now();

  constructor(runtime: LocalRuntime, place: string) {
    this.#argv = [runtime, place];
  }

  get isBusy(): boolean {
    return this.#current !== undefined;
  }

  /** Gives the answer, the failure, or that the signal ended it. */
  ask(ask: LocalAsk, signal: AbortSignal, onText: (text: string) => void): Promise<LocalAnswer | { failure: LocalFailure } | 'stopped'> {
    this.usedAt = Date.now();
    return new Promise((resolve) => {
      const waiting: Waiting = {
        ask,
        signal,
        onText,
        settle(outcome) {
          signal.removeEventListener('abort', onAbort);
          resolve(outcome);
        },
      };
      const onAbort = () => this.#stop(waiting);
      signal.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(waiting);
      this.#next();
    });
  }

  /** Kills it; whoever waits is told. */
  close(): void {
    this.#child?.kill('SIGKILL');
  }

  #next(): void {
    if (this.#current) return;
    this.#current = this.#queue.shift();
    if (!this.#current) {
      this.#child?.unref();
      this.#child?.channel?.unref();
      return;
    }
    this.#child ??= this.#start();
    this.#send({ task: 'ask', ask: this.#current.ask });
  }

  #start(): ChildProcess {
    const child = fork(program, this.#argv, { env: environment(), stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced' });
    const lost = (why: string) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#settle({
        failure: {
          code: 'model-crashed',
          message: `its process ended (${why}). It is started anew at the next call; a model that needs more memory than there is ends like this`,
        },
      });
    };
    child.on('message', (reply: LocalReply) => this.#take(reply));
    child.on('error', (error) => lost(error.message));
    child.on('exit', (code, signal) => lost(signal ?? `code ${code}`));
    return child;
  }

  #take(reply: LocalReply): void {
    if ('delta' in reply) this.#current?.onText(reply.delta);
    else this.#settle('answer' in reply ? reply.answer : reply);
  }

  #stop(waiting: Waiting): void {
    if (waiting !== this.#current) {
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
      waiting.settle('stopped');
      return;
    }
    this.#send({ task: 'stop' });
    this.#grace ??= setTimeout(() => this.close(), graceMs);
  }

  #settle(outcome: LocalAnswer | { failure: LocalFailure }): void {
    clearTimeout(this.#grace);
    this.#grace = undefined;
    const ended = this.#current;
    this.#current = undefined;
    ended?.settle(ended.signal.aborted ? 'stopped' : outcome);
    this.#next();
  }

  #send(request: LocalRequest): void {
    this.#child?.ref();
    this.#child?.channel?.ref();
    // A channel that has just closed is told by the process's end.
    this.#child?.send(request, () => {});
  }
}

/** Where the system's libraries and the processors to use are told; nothing of ours. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, LD_LIBRARY_PATH, CUDA_VISIBLE_DEVICES } = process.env;
  return { PATH, HOME, LD_LIBRARY_PATH, CUDA_VISIBLE_DEVICES };
}
