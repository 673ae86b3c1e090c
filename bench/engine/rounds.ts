/**
 * The job, measured: every contestant in a process of its own, all against one server, in rounds.
 *
 * 1. One process works at a time; the others wait. In each round everyone does every kind of slice, and each round begins with another contestant:
 *    what else the machine does falls on all of them alike.
 * 2. A ratio compares a contestant with the fetch loop of the same round and kind of slice; the figure told is the median of the rounds.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { contestants } from './contestants/index.ts';
import type { Slice, SliceRequest } from './job-process.ts';
import { median } from '../figures.ts';

export const loads = [1, 16, 64] as const;
/** CPU and latency are told for so many runs at once. */
const toldLoad = 16;
const yardstick = 'fetch loop';
/** Always there: the goals are ratios to them. */
const loops = [yardstick, 'dispatch loop'];

export interface JobFigures {
  cpuMsPerRun: number;
  /** CPU per run against the fetch loop's. */
  ratio: number;
  runsPerSecond: Record<`${(typeof loads)[number]}`, number>;
  p50Ms: number;
  p99Ms: number;
}

/** The figures of whole answers; `streamed` has the same of streamed ones. */
export interface JobRow extends JobFigures {
  name: string;
  peakMb: number;
  streamed: JobFigures;
}

export interface RoundsOptions {
  rounds: number;
  /** No further round starts after so long: a busy machine gets fewer, but at least two. */
  mostMs: number;
  sliceMs: number;
  warmUpMs: number;
  /** Of those who are not loops. */
  isWanted(name: string): boolean;
  note(text: string): void;
}

type Slices = Map<string, Slice[]>;
const sliceKey = (isStreamed: boolean, atOnce: number) => `${isStreamed ? 'streamed' : 'whole'} ${atOnce}`;

export async function measureJob({ rounds, mostMs, sliceMs, warmUpMs, isWanted, note }: RoundsOptions): Promise<JobRow[]> {
  const server = fork(join(import.meta.dirname, 'server.ts'));
  const { origin } = await heard<{ origin: string }>(server, 'the server');
  const names = Object.keys(contestants).filter((name) => loops.includes(name) || isWanted(name));
  const racers = new Map<string, { child: ChildProcess; slices: Slices }>();
  try {
    for (const name of names) {
      const child = fork(join(import.meta.dirname, 'job-process.ts'), [name, origin], { env: quietEnvironment() });
      racers.set(name, { child, slices: new Map() });
      await heard(child, name);
      for (const isStreamed of [false, true]) await ask(child, name, { isStreamed, atOnce: toldLoad, ms: warmUpMs });
    }
    const begin = performance.now();
    for (let round = 0; round < rounds && (round < 2 || performance.now() - begin < mostMs); round += 1) {
      note(`job, round ${round + 1} of ${rounds}`);
      for (const isStreamed of [false, true]) {
        for (const atOnce of loads) {
          for (let turn = 0; turn < names.length; turn += 1) {
            const name = names[(turn + round) % names.length] as string;
            const { child, slices } = racers.get(name) as { child: ChildProcess; slices: Slices };
            const key = sliceKey(isStreamed, atOnce);
            slices.set(key, [...(slices.get(key) ?? []), await ask(child, name, { isStreamed, atOnce, ms: sliceMs })]);
          }
        }
      }
    }
  } finally {
    await Promise.all([...racers.values()].map(({ child }) => ended(child)));
    await ended(server);
  }
  const measured = (name: string) => racers.get(name)?.slices as Slices;
  return names.map((name) => rowOf(name, measured(name), measured(yardstick)));
}

function rowOf(name: string, slices: Slices, base: Slices): JobRow {
  const peakMb = Math.max(...[...slices.values()].flat().map((slice) => slice.peakMb));
  return { name, ...figuresOf(slices, base, false), peakMb, streamed: figuresOf(slices, base, true) };
}

function figuresOf(slices: Slices, base: Slices, isStreamed: boolean): JobFigures {
  const of = (from: Slices, atOnce: number) => from.get(sliceKey(isStreamed, atOnce)) ?? [];
  const told = of(slices, toldLoad);
  const cpus = told.map(({ cpuMs, runs }) => cpuMs / runs);
  const baseCpus = of(base, toldLoad).map(({ cpuMs, runs }) => cpuMs / runs);
  const latencies = told.flatMap(({ latenciesMs }) => latenciesMs).sort((a, b) => a - b);
  const percentile = (part: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] as number;
  const rates = loads.map((atOnce) => [atOnce, median(of(slices, atOnce).map(({ runs, wallMs }) => (runs * 1000) / wallMs))]);
  return {
    cpuMsPerRun: median(cpus),
    ratio: median(cpus.map((cpu, round) => cpu / (baseCpus[round] as number))),
    runsPerSecond: Object.fromEntries(rates) as JobFigures['runsPerSecond'],
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
  };
}

/** Nobody reports home, traces or writes to the terminal. */
export function quietEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, NODE_ENV: 'production', MASTRA_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', LANGSMITH_TRACING: 'false', NO_COLOR: '1' };
}

function ask(child: ChildProcess, name: string, request: SliceRequest): Promise<Slice> {
  const told = heard<Slice>(child, name);
  child.send(request);
  return told;
}

/** The next message of a process; rejects where it ends, or is silent for a minute. */
export function heard<T>(child: ChildProcess, name: string, withinMs = 60_000): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (tell: () => void) => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      tell();
    };
    const onMessage = (message: unknown) => settle(() => resolve(message as T));
    const onExit = (code: number | null) => settle(() => reject(new Error(`The process of ${name} ended with ${code}`)));
    const timer = setTimeout(() => settle(() => reject(new Error(`The process of ${name} was silent for ${withinMs / 1000} s`))), withinMs);
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}

/** Lets a process end, and ends it where it does not within 5 s. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(timer);
}
