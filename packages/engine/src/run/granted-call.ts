/** One call of a granted node: what its effects turn out to be, so that one which an earlier run had made is not told as made by this one. */
export class GrantedCall {
  /** The call that it is part of, where a control node calls another. */
  readonly #within: GrantedCall | undefined;
  #isSeeded = false;
  #isMade = false;

  constructor(within: GrantedCall | undefined) {
    this.#within = within;
  }

  /** Whether it had effects, and each was answered from the record of an earlier run. */
  get isSeeded(): boolean {
    return this.#isSeeded && !this.#isMade;
  }

  /** Takes note of an effect that has completed. */
  note(isSeeded: boolean): void {
    if (isSeeded) this.#isSeeded = true;
    else this.#isMade = true;
    this.#within?.note(isSeeded);
  }
}
