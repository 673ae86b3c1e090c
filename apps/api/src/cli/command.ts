/** What every command works with, and how each ends. main.ts makes the surroundings; no command reads the process by itself. */
import type { Registry } from '@switchyard/engine';
import type { ReadOffer, Retention } from '@switchyard/engine/adapters';
import { FailureError, type Diagnostic, type Model, type Workspace } from '@switchyard/shared';
import type { Runner } from '../work/runner-interface.ts';
import type { DistributedOptions } from './distributed-flags.ts';
import type { LocatedWorkspace } from './documents.ts';
import type { RetentionTexts } from './retention-flags.ts';
import type { Prompt } from './ask-at-terminal.ts';
import type { KnownServer } from './server-client.ts';

/** 8-contracts: done, the run failed, bad usage or a document with errors, waiting for a person, cancelled by Ctrl+C. */
export const exitCodes = { done: 0, failed: 1, refused: 2, waiting: 3, cancelled: 130 } as const;

export interface OpenRunsOptions {
  /** Undefined: the one that the data folder's store holds. */
  workspace?: Workspace;
  /** Relative paths of the workspace start here. */
  baseDirectory: string;
  /** Runs are kept in it, and the secrets of its vault can be used. Without it nothing outlives the process. */
  dataFolder?: string;
  /** Where the workspace came from, so that `resume` can find it again. */
  workspaceFile?: string;
  /** Runs that wait for a person are held: somebody here answers them. */
  isAttended?: boolean;
}

/** A runner on a host, opened for one command. */
export interface OpenRuns {
  runner: Runner;
  /** Notes which workspace file the run needs, until it is forgotten; only where there is a data folder. */
  remember(run: string): void;
  forget(run: string): void;
  close(): Promise<void>;
}

export interface ServeOptions {
  port: number;
  host: string;
  dataFolder: string;
  workspace?: LocatedWorkspace;
  /** Which ended runs are kept. */
  retention: Retention;
  /** Runs are shared with other processes; without it, they are this process's own. */
  distributed?: DistributedOptions;
}

/** A server that answers. */
export interface Serving {
  /** With the login code in its fragment. */
  url: string;
  /** What a person who starts it should know, a line each. */
  notes: string[];
  /** Takes no more runs and waits for those under way; only where other processes go on with the rest. */
  drain?(withinMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface OpenWorkerOptions extends Pick<OpenRunsOptions, 'workspace' | 'baseDirectory' | 'dataFolder'> {
  databaseUrl: string;
  pools: readonly string[];
}

/** A process that makes the calls of some pools. */
export interface Worker {
  /** Takes no more calls and waits up to `withinMs` for those under way; another worker makes what is left. */
  close(withinMs: number): Promise<void>;
}

export interface Surroundings {
  /** A line on stdout. */
  print(text: string): void;
  /** A line on stderr: notes and progress. */
  note(text: string): void;
  version: string;
  defaultDataFolder: string;
  /** Opens the address in the person's browser, where there is a display; tells by a note where that fails. */
  openBrowser(url: string): void;
  /** Calls back at Ctrl+C, and with `orTerminate` at a request to end as well, instead of ending the process; the returned function ends that. */
  onInterrupt(callback: () => void, orTerminate?: boolean): () => void;
  registry(): Promise<Registry>;
  /** The built-in models, and those found on this machine. */
  findModels(): Promise<Record<string, Model>>;
  /** The workspace file that a run in this data folder was started with, where one is remembered. */
  rememberedWorkspace(dataFolder: string, run: string): string | undefined;
  /** The server that noted its address in this data folder, with the token that it takes. It may be gone. */
  serverOf(dataFolder: string): KnownServer | undefined;
  /** Asks a person at the terminal; undefined where there is none. */
  prompt: Prompt | undefined;
  openRuns(options: OpenRunsOptions): Promise<OpenRuns>;
  serve(options: ServeOptions): Promise<Serving>;
  openWorker(options: OpenWorkerOptions): Promise<Worker>;
  /** Tries the connection out, and reads what it offers that a person must accept: undefined where nothing has to be. Rejects with a FailureError. */
  readOffer(options: OfferOptions): Promise<{ message: string; read: ReadOffer | undefined }>;
  /** That of the environment. */
  databaseUrl: string | undefined;
  /** Those of the environment. */
  retention: RetentionTexts;
}

export interface OfferOptions extends Pick<OpenRunsOptions, 'baseDirectory'> {
  workspace: Workspace;
  connection: string;
}

/** Text for --help and for bad usage, and what the command does. Gives the exit code. */
export interface Command {
  usage: string;
  run(args: string[], surroundings: Surroundings): Promise<number>;
}

/** Ends a command with exit code 2: it cannot be done as asked. */
export class CommandRefused extends Error {
  readonly diagnostics: Diagnostic[];
  /** `isUsage`: the flags themselves are wrong, so the usage text helps. */
  readonly isUsage: boolean;

  constructor(message: string, options: { diagnostics?: Diagnostic[]; isUsage?: boolean } = {}) {
    super(message);
    this.name = 'CommandRefused';
    this.isUsage = options.isUsage ?? false;
    this.diagnostics = options.diagnostics ?? [{ code: 'command-refused', severity: 'error', path: '', message }];
  }
}

/** Bad flags, as parseArgs tells them, and refusals of the data folder, store or vault, as a refusal of the command; undefined for anything else. */
export function asRefusal(error: unknown): CommandRefused | undefined {
  if (error instanceof CommandRefused) return error;
  if (error instanceof FailureError) return new CommandRefused(error.failure.message);
  if (error instanceof TypeError && (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS_'))
    return new CommandRefused(error.message, { isUsage: true });
  return undefined;
}

/** The one positional argument that a command takes. */
export function onlyPositional(positionals: readonly string[], what: string): string {
  const [value, ...more] = positionals;
  if (value === undefined) throw new CommandRefused(`The ${what} is missing.`, { isUsage: true });
  if (more.length > 0) throw new CommandRefused(`One ${what} is expected; "${more.join(' ')}" is too much.`, { isUsage: true });
  return value;
}
