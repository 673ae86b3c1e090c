/**
 * What a seed answers: recorded results, handed over in the seed's order as they are asked for.
 *
 * 1. An entry is handed over at most once, and only to a key that has asked for the same. A moment is taken as come whatever its time: it lies in
 *    another run's time. What a person or the outside said counts only for exactly what they were asked. A result that somebody gave answers
 *    whatever the call of its key asks for.
 * 2. Of what has been asked for, the earliest in the seed's order goes first, and those directly after it with it: a run that takes the recorded way
 *    sees the recorded order.
 * 3. A write that may have taken effect is not made: its outcome is unknown, which is for a person to settle.
 */
import type { Failure } from '@switchyard/shared';
import { waitKind, type Call, type CallKey, type Completion, type JournalEntry, type Seed, type Until } from '../../../port.ts';
import { hashOfWait, inputHash } from './recorded-call.ts';
import { diverged, editUnfit, isUnknown, outcomeLeftUnknown } from './recorded-failures.ts';

/** Who asked, as the port will journal and tell it; a wait has no call. */
interface Asked {
  inputHash: string;
  call?: Call;
  isMoment?: boolean;
}

export interface SeededEntry extends Asked {
  entry: JournalEntry;
}

/** Whether the seed answers, or the failure that the key ends with. */
export type SeedAnswer = 'answered' | 'anew' | Failure;

export class SeededCalls {
  readonly of: string | undefined;
  readonly #differing: Seed['differing'];
  readonly #edited: ReadonlySet<CallKey>;
  /** Of these, which have not answered anything. */
  readonly #unused: Set<CallKey>;
  readonly #entries: readonly JournalEntry[];
  /** Where an entry stands; without those that are used up. */
  readonly #places: Map<CallKey, number>;
  readonly #asked = new Map<number, Asked>();
  #head = 0;
  /** Handed out by `take` and not yet folded into the run. */
  readonly #onTheWay = new Set<CallKey>();

  /** Keys that `isKnown` are recorded by the run itself. */
  constructor(seed: Seed, isKnown: (key: CallKey) => boolean) {
    this.of = seed.of;
    this.#differing = seed.differing;
    this.#edited = seed.edited ?? new Set();
    this.#entries = seed.entries.filter(({ key }) => !isKnown(key));
    this.#unused = new Set([...this.#edited].filter((key) => !isKnown(key)));
    this.#places = new Map(this.#entries.map(({ key }, place) => [key, place]));
  }

  /** Keys whose given results have been of no use as yet. */
  get unusedEdits(): CallKey[] {
    return [...this.#unused];
  }

  /** Whether anything is left that may yet be asked for. */
  get isOpen(): boolean {
    return this.#places.size > 0 || this.#onTheWay.size > 0;
  }

  /** Whether something asked for has not come to the run yet. */
  get isBusy(): boolean {
    return this.#asked.size > 0 || this.#onTheWay.size > 0;
  }

  askCall(key: CallKey, call: Call): SeedAnswer {
    return this.#ask(key, { inputHash: inputHash(call.kind, call.request), call });
  }

  askWait(key: CallKey, until: Until): SeedAnswer {
    return this.#ask(key, { inputHash: hashOfWait(until), isMoment: !('signal' in until) });
  }

  #ask(key: CallKey, asked: Asked): SeedAnswer {
    const place = this.#places.get(key);
    if (place === undefined) return 'anew';
    const answer = this.#judge(this.#entries[place] as JournalEntry, asked);
    if (answer === 'answered') this.#asked.set(place, asked);
    else this.#places.delete(key);
    // Why it does not fit is told as a failure.
    if (typeof answer === 'object') this.#unused.delete(key);
    return answer;
  }

  #judge(entry: JournalEntry, { inputHash: asked, call, isMoment }: Asked): SeedAnswer {
    const { key, kind } = entry;
    if (this.#edited.has(key) && (call?.kind ?? waitKind) !== kind) return editUnfit(entry, call?.kind ?? waitKind);
    if (isMoment || (call && this.#edited.has(key))) return 'answered';
    if (entry.inputHash !== asked) return this.#differing === 'fail' ? diverged(key) : 'anew';
    return entry.completion === undefined && call?.effect !== 'write' && !isUnknown(entry.failure) ? 'anew' : 'answered';
  }

  /** The key is no longer waited for. */
  cancel(key: CallKey): void {
    const place = this.#places.get(key);
    if (place !== undefined && this.#asked.delete(place)) this.#places.delete(key);
  }

  /** What can be handed over now. */
  take(): SeededEntry[] {
    const taken: SeededEntry[] = [];
    // What is on the way may ask for more that comes before the rest.
    if (this.#asked.size === 0 || this.#onTheWay.size > 0) return taken;
    while (this.#head < this.#entries.length && !this.#isWaiting(this.#head)) this.#head += 1;
    for (let place = this.#asked.has(this.#head) ? this.#head : Math.min(...this.#asked.keys()); ; place += 1) {
      const asked = this.#asked.get(place);
      if (!asked) return taken;
      const entry = this.#entries[place] as JournalEntry;
      this.#asked.delete(place);
      this.#places.delete(entry.key);
      this.#unused.delete(entry.key);
      this.#onTheWay.add(entry.key);
      taken.push({ entry: entry.completion === undefined ? leftUnknown(entry) : entry, ...asked });
    }
  }

  /** The run has folded these. */
  folded(batch: readonly Completion[]): void {
    for (const { key } of batch) this.#onTheWay.delete(key);
  }

  #isWaiting(place: number): boolean {
    return this.#places.get((this.#entries[place] as JournalEntry).key) === place;
  }
}

function leftUnknown(entry: JournalEntry): JournalEntry {
  return { ...entry, failure: outcomeLeftUnknown(entry.key, entry.failure) };
}
