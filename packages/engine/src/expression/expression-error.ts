/** A text that is no expression or template: what is wrong, and where in the text. */
export class ExpressionError extends Error {
  /** Offsets into the text, in UTF-16 units. */
  readonly start?: number;
  readonly end?: number;
  constructor(message: string, start?: number, end?: number) {
    super(message);
    this.name = 'ExpressionError';
    if (start !== undefined) this.start = start;
    if (end !== undefined) this.end = end;
  }
}
