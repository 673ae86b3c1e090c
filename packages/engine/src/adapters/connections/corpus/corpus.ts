/**
 * One corpus: its index is brought up to date when it is searched, and shared by all who do.
 *
 * 1. It is brought up to date by one at a time; whoever comes meanwhile waits for that, and goes on where it was given up.
 * 2. Only what has changed is read again. What is done is kept at once: a corpus too large for one call's time is gone on with by the next, and what is found till then says so.
 * 3. Where its source cannot be read it cannot be searched: nothing that may have been taken back is shown.
 * 4. Where vectors cannot be had, words alone are compared, and the result says why.
 */
import { FailureError } from '@switchyard/shared';
import type { Deadline } from '../../deadline.ts';
import type { EmbedCall, Embedder } from '../../models/index.ts';
import { cutText, titleOf } from '../../passages/cut-text.ts';
import type { IndexHandle } from '../../passages/index-handle.ts';
import type { FoundPassage } from '../../passages/passage-index.ts';
import type { ConnectorCall } from '../connector.ts';
import { mostCharacters, mostTexts, type TextFacts, type TextSource } from './text-source.ts';

export interface CorpusSettings {
  index: IndexHandle;
  refreshMs: number;
  /** Runs `work` with the source as it is now. */
  withSource<T>(work: (source: TextSource) => Promise<T>): Promise<T>;
  /** As it is now; undefined where words alone are compared. */
  embedder(): Embedder | undefined;
  /** The source has vectors of its own: none are made here. */
  hasVectors: boolean;
}

/** What a corpus needs to know of a call. */
export type CorpusCall = Pick<ConnectorCall, 'deadline' | 'spent'>;

export interface Found {
  passages: (FoundPassage & { score: number })[];
  /** What whoever reads it should know: that not all is indexed yet, or that meaning was not compared. */
  notes: string[];
}

/** Of a call's time, what bringing up to date may take. */
const share = 0.7;
const batch = 64;
const mostPassages = 100_000;
/** Candidates of each ranking, and the constant of reciprocal rank fusion as its authors chose it. */
const candidates = 60;
const fusion = 60;

/** Ways of ranking; `both` is by words alone where there are no vectors. */
export const rankings = ['words', 'vectors', 'both'] as const;
export type Ranking = (typeof rankings)[number];

export class Corpus {
  readonly #settings: CorpusSettings;
  #freshUntil = 0;
  #isPartly = false;
  #isFull = false;
  #refreshing: Promise<void> | undefined;

  constructor(settings: CorpusSettings) {
    this.#settings = settings;
  }

  async search(query: string, { most, prefix = '', ranking = 'both' }: { most: number; prefix?: string; ranking?: Ranking }, call: CorpusCall): Promise<Found> {
    const trouble = await this.refresh(call);
    const { index } = this.#settings;
    const notes = [...this.#notes(), ...(trouble === undefined ? [] : [trouble])];
    const byWords = ranking === 'vectors' ? [] : await index.ask('byWords', query, { prefix, most: candidates });
    const { ids: byVector, why } = ranking === 'words' || trouble !== undefined ? { ids: [] } : await this.#byVector(query, prefix, call);
    if (why !== undefined) notes.push(why);
    const ranked = fuse([byWords, byVector]).slice(0, most);
    const passages = await index.ask(
      'passages',
      ranked.map(({ id }) => id),
    );
    return { passages: passages.map((passage, place) => ({ ...passage, score: ranked[place]?.score ?? 0 })), notes };
  }

  /** Brings the index up to date. Gives why vectors could not be had, if so. */
  async refresh(call: CorpusCall): Promise<string | undefined> {
    const { deadline } = call;
    while (Date.now() >= this.#freshUntil) {
      const other = this.#refreshing;
      if (!other) {
        this.#refreshing = this.#readSource(deadline).finally(() => {
          this.#refreshing = undefined;
        });
        await this.#refreshing;
        break;
      }
      // Whoever began it may be cancelled: then the next one does it.
      await Promise.race([other.catch(() => undefined), aborted(deadline.signal)]);
      deadline.signal.throwIfAborted();
      if (this.#isPartly) break;
    }
    return await this.#embedPassages(call);
  }

  async #readSource(deadline: Deadline): Promise<void> {
    const { index, refreshMs, withSource } = this.#settings;
    const until = Date.now() + (deadline.endsAt - Date.now()) * share;
    const known = new Map(await index.ask('versions'));
    const seen = new Set<string>();
    this.#isPartly = false;
    this.#isFull = false;
    await withSource(async (source) => {
      for await (const facts of source.list(deadline)) {
        deadline.signal.throwIfAborted();
        if (seen.size >= mostTexts || (await this.#isFilled(seen.size))) {
          this.#isFull = true;
          break;
        }
        seen.add(facts.source);
        if (known.get(facts.source) === facts.version) continue;
        if (Date.now() > until) {
          this.#isPartly = true;
          break;
        }
        await this.#take(facts);
      }
    });
    // What was not come to may still be there.
    if (!this.#isPartly)
      await index.ask(
        'remove',
        [...known.keys()].filter((source) => !seen.has(source)),
      );
    if (!this.#isPartly) this.#freshUntil = Date.now() + refreshMs;
  }

  /** Counting costs a look at the index: once in a while is enough. */
  async #isFilled(texts: number): Promise<boolean> {
    return texts % 100 === 99 && (await this.#settings.index.ask('counts')).passages >= mostPassages;
  }

  async #take({ source, version, text }: TextFacts): Promise<void> {
    const { index } = this.#settings;
    let said: string | undefined;
    try {
      said = (await text())?.slice(0, mostCharacters);
    } catch (error) {
      // One text that cannot be read, a broken PDF for example, keeps none of the others from being found.
      if (!(error instanceof FailureError) || !/^(?:object|response)-/.test(error.failure.code)) throw error;
    }
    const passages = said === undefined ? [] : cutText(said);
    await index.ask('put', { source, version, title: (said !== undefined && titleOf(said)) || source, passages });
  }

  async #embedPassages(call: CorpusCall): Promise<string | undefined> {
    const { deadline } = call;
    const { index } = this.#settings;
    const until = Date.now() + (deadline.endsAt - Date.now()) * share;
    try {
      const embedder = this.#settings.hasVectors ? undefined : this.#settings.embedder();
      if (!embedder) return undefined;
      for (;;) {
        const bare = await index.ask('bare', embedder.identity, batch);
        if (bare.length === 0) return undefined;
        if (Date.now() > until) {
          const { passages, withVectors } = await index.ask('counts');
          return `Meaning was compared for ${withVectors} of ${passages} passages so far; ask again for the rest.`;
        }
        const vectors = await embedder.embed(
          bare.map(({ text }) => text),
          embedCallOf(call),
        );
        await index.ask(
          'putVectors',
          bare.map(({ id }, place) => ({ id, vector: vectors[place] as Float32Array })),
        );
      }
    } catch (error) {
      return withoutVectors(error, deadline);
    }
  }

  async #byVector(query: string, prefix: string, call: CorpusCall): Promise<{ ids: number[]; why?: string }> {
    try {
      const embedder = this.#settings.embedder();
      const [vector] = (await embedder?.embed([query], embedCallOf(call))) ?? [];
      if (!vector) return { ids: [] };
      const within = { prefix, most: candidates };
      return { ids: this.#settings.hasVectors ? await this.#nearest(vector, within, call) : await this.#settings.index.ask('byVector', vector, within) };
    } catch (error) {
      return { ids: [], why: withoutVectors(error, call.deadline) };
    }
  }

  /** By the source's own vectors: the beginnings of its nearest texts. */
  async #nearest(vector: Float32Array, { prefix, most }: { prefix: string; most: number }, { deadline }: CorpusCall): Promise<number[]> {
    const { index, withSource } = this.#settings;
    const sources = await withSource(async (source) => (await source.nearest?.(vector, most, deadline)) ?? []);
    return await index.ask(
      'firstOf',
      sources.filter((source) => source.startsWith(prefix)),
    );
  }

  #notes(): string[] {
    if (this.#isPartly) return ['Not all of the corpus is indexed yet; ask again to find the rest.'];
    return this.#isFull ? ['The corpus is larger than what is indexed of it: some of its texts cannot be found.'] : [];
  }
}

/** By reciprocal rank: a passage that both rankings have near their top comes first. Where there is one ranking, its order stays. */
function fuse(rankings: readonly (readonly number[])[]): { id: number; score: number }[] {
  const scores = new Map<number, number>();
  for (const ranking of rankings) for (const [rank, id] of ranking.entries()) scores.set(id, (scores.get(id) ?? 0) + 1 / (fusion + rank + 1));
  return [...scores].map(([id, score]) => ({ id, score: Number(score.toFixed(6)) })).sort((one, other) => other.score - one.score);
}

function embedCallOf({ deadline, spent }: CorpusCall): EmbedCall {
  return { signal: deadline.signal, ...(spent && { spent }) };
}

function withoutVectors(error: unknown, { signal }: Deadline): string {
  if (!(error instanceof FailureError)) throw error;
  if (signal.aborted) throw error;
  return `Only words were compared, since meaning could not be. ${error.failure.message}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
