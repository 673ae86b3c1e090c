/**
 * The RunPort of one process: calls are made by the host, completions queue here, and a journal, where there is one, records each, in the order they are handed over (recording.ts).
 *
 * 1. Recorded completions come first, in their recorded order; a recorded key is never performed again, and nothing else begins before the last of
 *    them: what the run has cancelled by then is not made at all. What was recorded next must have been asked for by then, since the same
 *    completions lead to the same starts: if not, the replay has diverged and `next` rejects.
 * 2. A live completion is numbered and journaled in the order it came, and handed over; no call begins before what was recorded is durable.
 * 3. `now` is the time of the latest completion handed over, so that a replay sees the same times.
 * 4. Where something cannot be recorded, `next` rejects with the failure that says why.
 * 5. What a seed answers is not performed: it is journaled and handed over like a completion, and nothing else begins while more of it is asked for.
 * 6. After `close` nothing is handed over, nothing begins, and everything in flight is aborted.
 * 7. Where the port may park, it closes itself and hands over an empty batch as soon as all that is open are waits for somebody outside or for
 *    moments far away: the run goes on in another life.
 */
import { FailureError, type Json } from '@switchyard/shared';
import type { Call, CallKey, Completion, Handle, Until } from '../../../port.ts';
import type { Caller, Outcome } from './attempt.ts';
import { CallInFlight, type CallOwner } from './call-in-flight.ts';
import type { CallPort, CallPortOptions } from './call-port-options.ts';
import { drawNumbers } from './drawn-numbers.ts';
import type { JournalEntry } from '../journal.ts';
import { RecordedCompletions } from './recorded-completions.ts';
import { Recording } from './recording.ts';
import { completionFrom, completionOf, entryFrom, entryOfWait, inputHash, intentOf, isSameWait, tellRecorded } from './recorded-call.ts';
import { diverged, outcomeUnknown } from './recorded-failures.ts';
import { runEnded } from '../run-failures.ts';
import { SeededCalls, type SeedAnswer, type SeededEntry } from './seeded-calls.ts';
import { Waits, type EndedWait } from './waits.ts';

export type { CallPort, CallPortOptions };

/** A moment nearer than this is waited for in memory, ms. */
const nearMs = 60_000;

export function createCallPort(options: CallPortOptions): CallPort {
  return new EmbeddedPort(options);
}

class EmbeddedPort implements CallPort, CallOwner {
  readonly #options: CallPortOptions;
  readonly #caller: Caller;
  readonly #inFlight = new Map<CallKey, CallInFlight>();
  /** What begins when the replay has ended. */
  readonly #deferred = new Map<CallKey, () => void>();
  readonly #recording: Recording;
  readonly #started = new Map<CallKey, Handle>();
  readonly #waits: Waits;
  #arrived: Completion[] = [];
  /** What `next` gave last. */
  #handed: Completion[] = [];
  /** What earlier lives completed. */
  readonly #replay: RecordedCompletions;
  readonly #recorded: Map<CallKey, JournalEntry>;
  readonly #seed: SeededCalls | undefined;
  #wake: (() => void) | undefined;
  #now: number;
  /** The time of the latest completion that came, handed over or not. */
  #latest: number;
  #parked: { wakeAt?: number } | undefined;
  #isClosed = false;
  #broken: FailureError | undefined;
  readonly #random: () => number;

  constructor(options: CallPortOptions) {
    this.#options = options;
    this.#caller = { run: options.run, host: options.host, pools: options.pools, redact: options.redact, emit: (event) => options.emit(event) };
    const recorded = options.recorded ?? [];
    this.#waits = new Waits(options.signals ?? new Map(), (ended) => this.#endWait(ended));
    this.#recorded = new Map(recorded.map((entry) => [entry.key, entry]));
    this.#seed = options.seed && new SeededCalls(options.seed, (key) => this.#recorded.has(key));
    this.#replay = new RecordedCompletions(options.recorded);
    this.#recording = new Recording(options.journal, this.#replay.nextNumber, (error) => this.#break(error));
    this.#now = options.startedAt;
    this.#latest = options.startedAt;
    this.#random = drawNumbers(options.run);
  }

  get isReplaying(): boolean {
    return this.#replay.isOpen;
  }

  get toldAt(): number {
    return this.#replay.isFolded ? Date.now() : this.#now;
  }

  get parked(): { wakeAt?: number } | undefined {
    return this.#parked;
  }

  get unusedEdits(): readonly CallKey[] {
    return this.#seed?.unusedEdits ?? [];
  }

  start(key: CallKey, call: Call): Handle {
    const known = this.#started.get(key);
    if (known) return known;
    const handle = { key };
    this.#started.set(key, handle);
    const entry = this.#recorded.get(key);
    if (!entry) this.#startNew(key, call);
    else if (entry.inputHash !== inputHash(call.kind, call.request)) this.#arrive({ key, failure: diverged(key) });
    else if (entry.completion !== undefined) this.#replay.ask(key, call);
    else if (call.idempotencyKey !== undefined) this.#begin(key, () => this.#make(key, call));
    else this.#begin(key, () => this.#complete(key, call, outcomeUnknown(key, entry)));
    return handle;
  }

  wait(key: CallKey, until: Until): Handle {
    const known = this.#started.get(key);
    if (known) return known;
    const handle = { key };
    this.#started.set(key, handle);
    const entry = this.#recorded.get(key);
    if (!entry && this.#isSeeded(key, this.#seed?.askWait(key, until))) return handle;
    if (!entry) this.#begin(key, () => this.#waits.begin(key, until));
    else if (!isSameWait(entry.inputHash, until)) this.#arrive({ key, failure: diverged(key) });
    else this.#replay.ask(key);
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
      const { head } = this.#replay;
      if (head) throw new FailureError(diverged(head.key));
      if (this.#mayPark()) return this.#park();
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
    this.#recording.cancel(handle.key);
    this.#waits.cancel(handle.key);
  }

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.#random();
  }

  signal(name: string, payload: Json = null): void {
    if (this.#isClosed) throw new FailureError(runEnded(this.#options.run));
    this.#waits.hear(name, payload);
  }

  close(): void {
    this.#isClosed = true;
    for (const call of this.#inFlight.values()) call.abort();
    this.#inFlight.clear();
    this.#deferred.clear();
    this.#recording.close();
    this.#waits.close();
  }

  #startNew(key: CallKey, call: Call): void {
    if (this.#isSeeded(key, this.#seed?.askCall(key, call))) return;
    if (this.#isDeferring) this.#deferred.set(key, () => this.#makeNew(key, call));
    else this.#makeNew(key, call);
  }

  /** Whether the seed settles it, with what was recorded or with a failure. */
  #isSeeded(key: CallKey, answer: SeedAnswer = 'anew'): boolean {
    if (typeof answer === 'object') this.#arrive({ key, failure: answer });
    return answer !== 'anew';
  }

  settled(): Promise<void> {
    return this.#recording.settled();
  }

  /** What the seed answers must be with the run, which may ask for more of it, before anything begins. */
  get #isSeeding(): boolean {
    return this.#seed !== undefined && (this.#seed.isBusy || this.#arrived.length > 0);
  }

  /** Hands over what the seed answers, journaled as this run's own. */
  #lay({ entry, inputHash: asked, call }: SeededEntry): void {
    const at = Date.now();
    if (call) tellRecorded(entry, { call, start: at, end: at, from: this.#seed?.of }, this.#options.emit);
    this.#recording.complete({ ...entry, inputHash: asked, seeded: true, startedAt: at, endedAt: at }, false);
    this.#arrive(completionOf({ ...entry, seeded: true }, at));
  }

  /** Does it now, or when the replay has ended and the seed has given what was asked of it. */
  #begin(key: CallKey, effect: () => void): void {
    if (this.#isDeferring) this.#deferred.set(key, effect);
    else if (!this.#isClosed) effect();
  }

  get #isDeferring(): boolean {
    return !this.#isClosed && (this.isReplaying || this.#seed?.isOpen === true);
  }

  #makeNew(key: CallKey, call: Call): void {
    if (this.#isClosed) return;
    if (call.effect === 'write' && this.#recording.isOn) this.#recording.intend(intentOf(key, call), () => this.#perform(key, call));
    else this.#make(key, call);
  }

  #make(key: CallKey, call: Call): void {
    if (this.#recording.isDurable) this.#perform(key, call);
    else this.#recording.begin(key, () => this.#perform(key, call));
  }

  #perform(key: CallKey, call: Call): void {
    const inFlight = new CallInFlight(this.#caller, key, call, this);
    this.#inFlight.set(key, inFlight);
    inFlight.begin();
  }

  callEnded({ key, call }: CallInFlight, outcome: Outcome): void {
    this.#inFlight.delete(key);
    this.#complete(key, call, outcome);
  }

  #complete(key: CallKey, call: Call, outcome: Outcome): void {
    if (this.#recording.isOn) this.#recording.complete(entryFrom(key, call, outcome), call.effect === 'write');
    this.#arrive(completionFrom(key, outcome));
  }

  #mayPark(): boolean {
    const { parks } = this.#options;
    if (!parks || this.#isClosed || this.#inFlight.size > 0 || this.#recording.isWaitedFor) return false;
    if (parks === 'asked' && !this.#waits.hasListeners()) return false;
    return (this.#waits.earliest() ?? Infinity) > Date.now() + nearMs;
  }

  #park(): Completion[] {
    const wakeAt = this.#waits.earliest();
    this.#parked = wakeAt === undefined ? {} : { wakeAt };
    this.close();
    return [];
  }

  #arrive(completion: Completion): void {
    if (this.#isClosed) return;
    this.#latest = Math.max(this.#latest, completion.at ?? Date.now());
    completion.at = this.#latest;
    this.#arrived.push(completion);
    this.#wakeUp();
  }

  #break(error: FailureError): void {
    this.#broken ??= error;
    this.#wakeUp();
  }

  #wakeUp(): void {
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
    return this.#replay.take().map(({ entry, call }) => {
      // Told as it was, with its own times.
      const from = entry.seeded ? this.#seed?.of : undefined;
      if (call) tellRecorded(entry, { call, start: entry.startedAt, end: entry.endedAt ?? entry.startedAt, from }, this.#options.emit);
      this.#latest = Math.max(this.#latest, entry.endedAt ?? 0);
      this.#now = this.#latest;
      return completionOf(entry, this.#latest);
    });
  }

  #endWait(ended: EndedWait): void {
    if (this.#recording.isOn) this.#recording.complete(entryOfWait(ended), false);
    this.#arrive(completionOf(ended, ended.endedAt));
  }
}
