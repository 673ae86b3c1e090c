/**
 * The RunPort of one process: calls are made by the host, completions queue here, and a journal, where there is one, records each before it is handed over.
 *
 * 1. Recorded completions come first, in their recorded order; a recorded key is never performed again, and nothing else begins before the last of
 *    them: what the run has cancelled by then is not made at all. What was recorded next must have been asked for by then, since the same
 *    completions lead to the same starts: if not, the replay has diverged and `next` rejects.
 * 2. A live completion is numbered and journaled in the order it came, and is handed over only when durable.
 * 3. `now` is the time of the latest completion handed over, so that a replay sees the same times.
 * 4. What cannot be recorded is not handed over: `next` rejects with the failure that says why.
 * 5. What a seed answers is not performed: it is journaled and handed over like a completion, and nothing else begins while more of it is asked for.
 * 6. After `close` nothing is handed over, nothing begins, and everything in flight is aborted.
 */
import { FailureError, type RunEventBody } from '@switchyard/shared';
import type { Host } from '../../host.ts';
import { waitKind, type Call, type CallKey, type Completion, type Handle, type RunPort, type Seed, type Until } from '../../port.ts';
import type { Caller, Outcome, Redact } from './attempt.ts';
import { CallInFlight } from './call-in-flight.ts';
import { drawNumbers } from './drawn-numbers.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { Pools } from './pools.ts';
import { completionOf, diverged, inputHash, outcomeUnknown, tellRecorded } from './recorded-call.ts';
import { SeededCalls, type SeededEntry } from './seeded-calls.ts';

export interface CallPortOptions {
  run: string;
  /** ms since the epoch at which the run was first accepted. */
  startedAt: number;
  host: Host;
  pools: Pools;
  redact: Redact;
  /** `at`: ms since the epoch, where the event happened in an earlier life of the run. */
  emit(event: RunEventBody, at?: number): void;
  journal?: Journal;
  /** Entries of an earlier life of this run. */
  recorded?: readonly JournalEntry[];
  /** Results of another run, laid under this one. */
  seed?: Seed;
}

export interface CallPort extends RunPort {
  /** Whether completions of an earlier life are still to be handed over. */
  readonly isReplaying: boolean;
  /** Completes the waits on an outside event. */
  signal(name: string): void;
  close(): void;
}

export function createCallPort(options: CallPortOptions): CallPort {
  return new EmbeddedPort(options);
}

class EmbeddedPort implements CallPort {
  readonly #options: CallPortOptions;
  readonly #caller: Caller;
  readonly #inFlight = new Map<CallKey, CallInFlight>();
  /** What begins when the replay has ended. */
  readonly #deferred = new Map<CallKey, () => void>();
  /** Writes whose intent is on its way to the journal: cancelled by then, they are not made. */
  readonly #intended = new Set<CallKey>();
  readonly #started = new Map<CallKey, Handle>();
  readonly #signals = new Map<string, Set<CallKey>>();
  readonly #timers = new Map<CallKey, ReturnType<typeof setTimeout>>();
  #arrived: Completion[] = [];
  /** What `next` gave last. */
  #handed: Completion[] = [];
  /** Completed entries of an earlier life, in order; `#replayHead` is the next to be handed over. */
  readonly #replay: JournalEntry[];
  readonly #recorded: Map<CallKey, JournalEntry>;
  readonly #seed: SeededCalls | undefined;
  /** Recorded keys that have been asked for; a wait has no call. */
  readonly #asked = new Map<CallKey, Call | undefined>();
  #replayHead = 0;
  #completions: number;
  #wake: (() => void) | undefined;
  #now: number;
  /** The time of the latest completion that came, handed over or not. */
  #latest: number;
  #isClosed = false;
  #broken: FailureError | undefined;
  readonly #random: () => number;

  constructor(options: CallPortOptions) {
    this.#options = options;
    this.#caller = { run: options.run, host: options.host, pools: options.pools, redact: options.redact, emit: (event) => options.emit(event) };
    const recorded = options.recorded ?? [];
    this.#recorded = new Map(recorded.map((entry) => [entry.key, entry]));
    this.#seed = options.seed && new SeededCalls(options.seed, (key) => this.#recorded.has(key));
    this.#replay = recorded.filter((entry) => entry.completion !== undefined).sort((a, b) => (a.completion ?? 0) - (b.completion ?? 0));
    this.#completions = (this.#replay.at(-1)?.completion ?? -1) + 1;
    this.#now = options.startedAt;
    this.#latest = options.startedAt;
    this.#random = drawNumbers(options.run);
  }

  get isReplaying(): boolean {
    return this.#replayHead < this.#replay.length;
  }

  start(key: CallKey, call: Call): Handle {
    const known = this.#started.get(key);
    if (known) return known;
    const handle = { key };
    this.#started.set(key, handle);
    const entry = this.#recorded.get(key);
    if (!entry) this.#startNew(key, call);
    else if (entry.inputHash !== inputHash(call.kind, call.request)) this.#arrive({ key, failure: diverged(key) });
    else if (entry.completion !== undefined) this.#asked.set(key, call);
    else if (call.idempotencyKey !== undefined) this.#begin(key, () => this.#perform(key, call));
    else this.#begin(key, () => this.#complete(key, call, outcomeUnknown(key, entry)));
    return handle;
  }

  wait(key: CallKey, until: Until): Handle {
    const known = this.#started.get(key);
    if (known) return known;
    const handle = { key };
    this.#started.set(key, handle);
    if ('signal' in until) {
      const keys = this.#signals.get(until.signal) ?? new Set();
      this.#signals.set(until.signal, keys.add(key));
      return handle;
    }
    const entry = this.#recorded.get(key);
    const isSeeded = !entry && this.#seed?.ask(key, { inputHash: inputHash(waitKind, until) }, true) === 'answered';
    if (isSeeded) return handle;
    if (!entry) this.#begin(key, () => this.#setTimer(key, until.time));
    else if (entry.inputHash !== inputHash(waitKind, until)) this.#arrive({ key, failure: diverged(key) });
    else this.#asked.set(key, undefined);
    return handle;
  }

  async next(): Promise<Completion[]> {
    this.#seed?.folded(this.#handed);
    for (;;) {
      if (this.#broken) throw this.#broken;
      const replayed = this.#nextRecorded();
      if (replayed.length > 0) return replayed;
      if (!this.isReplaying) {
        if (this.#seed && this.#arrived.length === 0) for (const seeded of this.#seed.take()) this.#lay(seeded);
        if (this.#deferred.size > 0 && !this.#isSeeding) this.#beginDeferred();
      }
      if (this.#arrived.length > 0) {
        const batch = this.#arrived;
        this.#arrived = [];
        this.#handed = batch;
        this.#now = (batch.at(-1) as { at: number }).at;
        return batch;
      }
      const head = this.#replay[this.#replayHead];
      if (head) throw new FailureError(diverged(head.key));
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  cancel(handle: Handle): void {
    this.#inFlight.get(handle.key)?.abort();
    this.#inFlight.delete(handle.key);
    this.#deferred.delete(handle.key);
    this.#seed?.cancel(handle.key);
    this.#intended.delete(handle.key);
    clearTimeout(this.#timers.get(handle.key));
    this.#timers.delete(handle.key);
  }

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.#random();
  }

  signal(name: string): void {
    for (const key of this.#signals.get(name) ?? []) this.#arrive({ key });
    this.#signals.delete(name);
  }

  close(): void {
    this.#isClosed = true;
    for (const call of this.#inFlight.values()) call.abort();
    this.#inFlight.clear();
    this.#deferred.clear();
    this.#intended.clear();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #startNew(key: CallKey, call: Call): void {
    const answer = this.#seed?.ask(key, { inputHash: inputHash(call.kind, call.request), call });
    if (answer === 'answered') return;
    if (answer === 'differs') this.#arrive({ key, failure: diverged(key) });
    else this.#begin(key, () => (call.effect === 'write' && this.#options.journal ? this.#intend(key, call) : this.#perform(key, call)));
  }

  /** What the seed answers must be with the run, which may ask for more of it, before anything begins. */
  get #isSeeding(): boolean {
    return this.#seed !== undefined && (this.#seed.isBusy || this.#arrived.length > 0);
  }

  /** Hands over what the seed answers, journaled as this run's own. */
  #lay({ entry, inputHash: asked, call }: SeededEntry): void {
    const at = Date.now();
    if (call) tellRecorded(entry, { call, start: at, end: at, from: this.#seed?.of }, this.#options.emit);
    if (this.#options.journal) this.#record(completionOf(entry, at), { ...entry, inputHash: asked, startedAt: at, endedAt: at });
    else this.#arrive(completionOf(entry, at));
  }

  /** Does it now, or when the replay has ended and the seed has given what was asked of it. */
  #begin(key: CallKey, effect: () => void): void {
    if (this.#isClosed) return;
    if (this.isReplaying || this.#seed?.isOpen) this.#deferred.set(key, effect);
    else effect();
  }

  #perform(key: CallKey, call: Call): void {
    const inFlight = new CallInFlight(this.#caller, { key, call }, (outcome) => {
      this.#inFlight.delete(key);
      this.#complete(key, call, outcome);
    });
    this.#inFlight.set(key, inFlight);
  }

  /** The intent of a write is durable before the write is made: after a crash its outcome is unknown, and is not guessed. */
  #intend(key: CallKey, call: Call): void {
    const intent: JournalEntry = { key, kind: call.kind, inputHash: inputHash(call.kind, call.request), attempt: 1, startedAt: Date.now() };
    this.#intended.add(key);
    this.#options.journal?.record(intent, (error) => {
      if (error) this.#arrive({ key }, error);
      else if (this.#intended.delete(key)) this.#perform(key, call);
    });
  }

  #complete(key: CallKey, call: Call, outcome: Outcome): void {
    const { attempt, startedAt, endedAt, ...ended } = outcome;
    const completion: Completion = { key, ...ended, at: endedAt };
    if (this.#options.journal)
      this.#record(completion, { key, kind: call.kind, inputHash: inputHash(call.kind, call.request), ...ended, attempt, startedAt, endedAt });
    else this.#arrive(completion);
  }

  /** Hands the completion over once it is durable. */
  #record(completion: Completion, entry: JournalEntry): void {
    entry.completion = this.#completions;
    this.#completions += 1;
    this.#options.journal?.record(entry, (error) => this.#arrive(completion, error));
  }

  #arrive(completion: Completion, unrecorded?: FailureError): void {
    if (this.#isClosed) return;
    this.#broken ??= unrecorded;
    this.#latest = Math.max(this.#latest, completion.at ?? Date.now());
    completion.at = this.#latest;
    this.#arrived.push(completion);
    this.#wake?.();
    this.#wake = undefined;
  }

  #beginDeferred(): void {
    const effects = [...this.#deferred.values()];
    this.#deferred.clear();
    for (const effect of effects) effect();
  }

  /** The recorded completions that can be handed over now: those in order whose calls have been asked for. */
  #nextRecorded(): Completion[] {
    const batch: Completion[] = [];
    for (; this.#replayHead < this.#replay.length; this.#replayHead += 1) {
      const entry = this.#replay[this.#replayHead] as JournalEntry;
      if (!this.#asked.has(entry.key)) break;
      const call = this.#asked.get(entry.key);
      // Told as it was, with its own times.
      if (call) tellRecorded(entry, { call, start: entry.startedAt, end: entry.endedAt ?? entry.startedAt }, this.#options.emit);
      this.#latest = Math.max(this.#latest, entry.endedAt ?? 0);
      this.#now = this.#latest;
      batch.push(completionOf(entry, this.#latest));
    }
    return batch;
  }

  #setTimer(key: CallKey, time: number): void {
    const startedAt = Date.now();
    // A timer longer than this fires at once in Node; wake up and look again.
    const longest = 2 ** 31 - 1;
    const rest = Math.max(0, time - startedAt);
    const timer = setTimeout(
      () => {
        if (rest > longest) return this.#setTimer(key, time);
        this.#timers.delete(key);
        const endedAt = Date.now();
        if (!this.#options.journal) return this.#arrive({ key, at: endedAt });
        this.#record({ key, at: endedAt }, { key, kind: waitKind, inputHash: inputHash(waitKind, { time }), attempt: 1, startedAt, endedAt });
      },
      Math.min(rest, longest),
    );
    this.#timers.set(key, timer);
  }
}
