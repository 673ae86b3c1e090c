/**
 * The transport of a server that is started as a program: a message on each line of its input and output.
 *
 * 1. Of what the program writes, others have their turn between any two pieces: it can write faster than anyone reads.
 * 2. It may write so much, and so many lines that are no messages, after each message to it: one that writes more is ended, whether anybody waits or not.
 * 3. Ended, it has a moment to end by itself, as its input does; then it is killed.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { deserializeMessage, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { GatheredBytes } from '../../gathered-bytes.ts';

/** Bytes. */
const mostWritten = 16_000_000;
const mostUnreadable = 1_000;
const graceMs = 2_000;
const lineEnd = 10;
const openBrace = 123;

export interface Program {
  /** An absolute path. */
  file: string;
  args: readonly string[];
  directory: string;
}

export class ProgramTransport implements Transport {
  onmessage?: (message: JSONRPCMessage) => void;
  onerror?: (error: Error) => void;
  onclose?: () => void;
  readonly #program: Program;
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  #line = new GatheredBytes();
  #written = 0;
  #unreadable = 0;

  constructor(program: Program) {
    this.#program = program;
  }

  /** Rejects where the program cannot be started. */
  async start(): Promise<void> {
    const { file, args, directory } = this.#program;
    const child = spawn(file, args, { cwd: directory, env: {}, stdio: ['pipe', 'pipe', 'ignore'], shell: false, windowsHide: true });
    this.#child = child;
    // What it does not take, it is told of when it ends.
    child.stdin.on('error', () => undefined);
    child.once('close', () => {
      this.#child = undefined;
      this.onclose?.();
    });
    await once(child, 'spawn');
    child.on('error', (error) => this.onerror?.(error));
    void this.#read(child.stdout).catch((error: unknown) => {
      this.onerror?.(error as Error);
      void this.close();
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const { stdin } = this.#child ?? {};
    if (!stdin) throw new Error('the program has ended');
    this.#written = 0;
    this.#unreadable = 0;
    if (!stdin.write(serializeMessage(message))) await Promise.race([once(stdin, 'drain'), once(stdin, 'close')]);
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const ended = new AbortController();
    child.once('close', () => ended.abort());
    child.stdin.end();
    // What it writes is not read any more, and a program that waits for a reader would not end.
    child.stdout.destroy();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await setTimeout(graceMs, undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
      if (ended.signal.aborted) return;
      child.kill(signal);
    }
  }

  async #read(output: Readable): Promise<void> {
    for await (const piece of output as AsyncIterable<Buffer>) {
      this.#written += piece.length;
      if (this.#written > mostWritten) throw new Error(`the program wrote more than ${mostWritten / 1_000_000} MB`);
      this.#take(piece);
      await setImmediate();
    }
  }

  #take(piece: Buffer): void {
    let from = 0;
    for (let end = piece.indexOf(lineEnd); end >= 0; end = piece.indexOf(lineEnd, from)) {
      // An empty line, and what some programs say of themselves, is no message: to find that out by reading it takes a hundred times as long.
      if (this.#line.length > 0) this.#tell(this.#ended(piece.subarray(from, end)));
      else if (piece[from] === openBrace) this.#tell(piece.toString('utf8', from, end));
      from = end + 1;
    }
    if (from < piece.length) this.#line.add(piece.subarray(from));
  }

  #ended(rest: Buffer): string {
    this.#line.add(rest);
    const line = this.#line.whole().toString();
    this.#line = new GatheredBytes();
    return line;
  }

  #tell(line: string): void {
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch (error) {
      this.#unreadable += 1;
      if (this.#unreadable > mostUnreadable) throw new Error(`the program wrote more than ${mostUnreadable} lines that are no messages`);
      this.onerror?.(error as Error);
      return;
    }
    this.onmessage?.(message);
  }
}
