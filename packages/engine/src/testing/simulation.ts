/**
 * One run in a world that a seed decides wholly: how long calls take, which fail, hang or are cut off, when the disk is slow, when the process dies.
 * Time is vitest's fake clock, so that hours pass in milliseconds and the same seed gives the same journal, byte for byte.
 *
 * What must hold, and is noted in `broken` where it does not:
 * 1. A run ends: in no more than `mostSteps` timers and `mostLives` lives.
 * 2. What a life finds completed in its journal is not made again.
 * 3. No more calls of a pool are under way than it allows.
 * 4. Completions are numbered from 0 without a gap, each once.
 * 5. No call is made before what the run had recorded when it asked for it is on the disk.
 * 6. After the run has ended nothing is made and nothing is told.
 */
import { failure, FailureError, type Flow, type Json, type JsonObject, type RunEvent, type RunEventBody, type RunResult } from '@switchyard/shared';
import { vi } from 'vitest';
import { createCallPort, Pools, type CallPort, type Journal, type JournalEntry } from '../adapters/drivers/index.ts';
import type { Host, PerformScope } from '../host.ts';
import { kinds } from '../nodes/index.ts';
import type { Call, RunPort } from '../port.ts';
import { runPlan } from '../run/index.ts';
import { planOf } from './test-run.ts';
import { drawnFrom } from './thorough.ts';

const mostSteps = 20_000;
const mostLives = 6;
const startedAt = Date.UTC(2026, 0, 1);

export interface Simulated {
  result?: RunResult;
  /** As the disk has it at the end. */
  journal: JournalEntry[];
  /** Of the last life. */
  events: RunEvent[];
  lives: number;
  isCancelled: boolean;
  /** Paths that were asked for, in all lives. */
  asked: string[];
  broken: string[];
}

/** Runs the flow with the input `q`; `answer` gives what a path is answered with, or throws a FailureError. */
export async function simulate(flow: Flow, from: number, answer: (asked: string) => Json): Promise<Simulated> {
  vi.useFakeTimers({
    now: startedAt,
    toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  const random = drawnFrom(from);
  // The pause between attempts is jittered by it.
  const jitter = vi.spyOn(Math, 'random').mockImplementation(random);
  try {
    return await new Simulation(flow, random, answer).execute();
  } finally {
    jitter.mockRestore();
    vi.useRealTimers();
  }
}

class Simulation {
  readonly #plan: ReturnType<typeof planOf>;
  readonly #random: () => number;
  readonly #answer: (asked: string) => Json;
  readonly #concurrency: number;
  readonly #perMinute: number | undefined;
  readonly #deathRate: number;
  readonly #cancelAt: number;
  readonly #simulated: Simulated = { journal: [], events: [], lives: 0, isCancelled: false, asked: [], broken: [] };
  #steps = 0;

  constructor(flow: Flow, random: () => number, answer: (asked: string) => Json) {
    this.#plan = planOf({ ...flow, limits: { seconds: 31_000_000 } });
    this.#random = random;
    this.#answer = answer;
    this.#concurrency = 1 + Math.floor(random() * 4);
    this.#perMinute = random() < 0.2 ? 5 + Math.floor(random() * 20) : undefined;
    this.#deathRate = random() < 0.8 ? random() * 0.25 : 0;
    this.#cancelAt = random() < 0.2 ? Math.floor(random() * 12) : Number.POSITIVE_INFINITY;
  }

  async execute(): Promise<Simulated> {
    while (!this.#simulated.result && this.#simulated.lives < mostLives) await this.#live();
    const numbers = this.#simulated.journal.flatMap(({ completion }) => (completion === undefined ? [] : [completion])).sort((a, b) => a - b);
    this.#expect(
      numbers.every((number, index) => number === index),
      `completions are numbered ${numbers.join(' ')}`,
    );
    this.#expect(this.#simulated.result !== undefined, `the run has not ended after ${this.#simulated.lives} lives`);
    return this.#simulated;
  }

  /** Until the run ends or the process dies. */
  async #live(): Promise<void> {
    const simulated = this.#simulated;
    simulated.lives += 1;
    simulated.events = [];
    const life = new Life(simulated.journal, this.#random);
    const host = this.#host(life);
    const pools = new Pools(() => host.pool('any'));
    const emit = (body: RunEventBody) => {
      this.#expect(!life.isOver || !life.isEnded, `${body.type} was told after the end`);
      if (!life.isOver) simulated.events.push({ ...body, seq: simulated.events.length, at: Date.now() } as RunEvent);
    };
    const port = createCallPort({
      run: 'r',
      startedAt,
      host,
      pools,
      redact: (value) => value,
      emit,
      journal: life.journal,
      ...(simulated.journal.length > 0 && { recorded: structuredClone(simulated.journal) }),
    });
    void runPlan(this.#plan, { q: 'q' }, { run: 'r', registry: kinds, port: life.follow(port), emit }).then(async (result) => {
      await port.settled();
      if (life.isOver) return;
      simulated.result = result;
      life.isEnded = true;
    });
    await this.#pass(life, port);
    life.isOver = true;
    port.close();
    // What is left of this life must stay silent.
    for (let rest = 0; rest < 100 && vi.getTimerCount() > 0; rest += 1) await vi.advanceTimersToNextTimerAsync();
    vi.clearAllTimers();
  }

  async #pass(life: Life, port: CallPort): Promise<void> {
    await vi.advanceTimersByTimeAsync(0);
    while (!life.isEnded) {
      this.#steps += 1;
      if (this.#steps === this.#cancelAt) {
        this.#simulated.isCancelled = true;
        port.signal('cancel');
      }
      if (this.#simulated.lives < mostLives && this.#random() < this.#deathRate) return;
      if (this.#steps > mostSteps) {
        this.#expect(false, `the run has not ended after ${mostSteps} timers`);
        this.#simulated.lives = mostLives;
        return;
      }
      await vi.advanceTimersToNextTimerAsync();
    }
  }

  #host(life: Life): Host {
    let underWay = 0;
    const attempts = new Map<string, number>();
    const perform = async (call: Call, scope: PerformScope): Promise<{ result: Json }> => {
      const path = decodeURIComponent((call.request as JsonObject).path as string);
      const what = `${call.task} ${path}`;
      this.#expect(!life.isOver, `${what} was made after the end of its life`);
      // A task of a random flow makes one call, whose key is its id.
      this.#expect(!life.found.has(call.task), `${what} was made again`);
      this.#expect(life.isWritten(call.task), `${what} was made before what it follows from was written`);
      const attempt = (attempts.get(what) ?? 0) + 1;
      attempts.set(what, attempt);
      this.#simulated.asked.push(path);
      underWay += 1;
      this.#expect(underWay <= this.#concurrency, `${underWay} calls are under way in a pool of ${this.#concurrency}`);
      try {
        return await this.#outcome({ call, path, mayFail: attempt < call.retry.attempts }, scope.signal);
      } finally {
        underWay -= 1;
      }
    };
    return { perform, pool: () => ({ concurrency: this.#concurrency, ...(this.#perMinute !== undefined && { requestsPerMinute: this.#perMinute }) }) };
  }

  async #outcome({ call, path, mayFail }: { call: Call; path: string; mayFail: boolean }, signal: AbortSignal): Promise<{ result: Json }> {
    const fate = this.#random();
    const isHanging = mayFail && fate < 0.05 && call.timeoutMs <= 120_000;
    await pause(isHanging ? call.timeoutMs * 2 : fate < 0.2 ? 0 : Math.floor(this.#random() * 400), signal);
    if (mayFail && fate > 0.9) throw new FailureError(failure('http-unreachable', 'cut off', { retry: 'policy' }));
    if (mayFail && fate > 0.85) throw new FailureError(failure('http-status', 'too many', { retry: { afterMs: Math.floor(this.#random() * 5000) } }));
    return { result: { status: 200, headers: {}, body: this.#answer(path.slice('/v-'.length)) } };
  }

  #expect(isSo: boolean, otherwise: string): void {
    if (!isSo) this.#simulated.broken.push(otherwise);
  }
}

/** One life of the process, and its disk: what is written reaches it in order, a little later, and what has not when the process dies is lost. */
class Life {
  readonly journal: Journal;
  /** Keys that were completed when this life began. */
  readonly found: ReadonlySet<string>;
  isOver = false;
  isEnded = false;
  #lastWrite: Promise<void> = Promise.resolve();
  #recorded = 0;
  #written = 0;
  /** How much was recorded when a task asked for its call. */
  readonly #askedAt = new Map<string, number>();

  constructor(disk: JournalEntry[], random: () => number) {
    this.found = new Set(disk.filter(({ completion }) => completion !== undefined).map(({ key }) => key));
    this.journal = {
      record: (entry, whenDurable) => {
        this.#recorded += 1;
        const written = structuredClone(entry);
        const after = Promise.all([this.#lastWrite, pause(Math.floor(random() * 12))]);
        this.#lastWrite = after.then(() => {
          if (this.isOver) return;
          this.#written += 1;
          const known = disk.findIndex(({ key }) => key === written.key);
          if (known < 0) disk.push(written);
          else disk[known] = written;
          whenDurable();
        });
      },
    };
  }

  /** The port, its starts noted. */
  follow(port: RunPort): RunPort {
    return {
      start: (key, call) => {
        this.#askedAt.set(call.task, this.#recorded);
        return port.start(key, call);
      },
      wait: (key, until) => port.wait(key, until),
      next: () => port.next(),
      cancel: (handle) => port.cancel(handle),
      now: () => port.now(),
      random: () => port.random(),
    };
  }

  /** Whether everything is on the disk that was recorded when the task asked for its call. */
  isWritten(task: string): boolean {
    return this.#written >= (this.#askedAt.get(task) ?? Number.POSITIVE_INFINITY);
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}
