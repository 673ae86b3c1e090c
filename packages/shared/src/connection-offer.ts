/** What a connection offers and a person must accept before it is used: told as texts that the person reads, the old beside the new. */

/** One thing that is said of a tool, as text: before, now, or both where it has changed. */
export interface OfferPart {
  title: string;
  before?: string;
  now?: string;
}

export interface OfferChange {
  name: string;
  state: 'new' | 'changed' | 'gone';
  /** What differs; of what is new, all of it. */
  parts: OfferPart[];
}

/** What a person is shown. What is accepted is what bears this hash, and nothing else. */
export interface ConnectionOffer {
  hash: string;
  /** Nothing of the connection was accepted before. */
  isFirst: boolean;
  /** Names of what is as it was accepted. */
  same: string[];
  changes: OfferChange[];
}
