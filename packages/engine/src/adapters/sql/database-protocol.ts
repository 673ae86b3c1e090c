/** What the host and a database process say to each other. */
import type { JsonObject } from '@switchyard/shared';

export type DatabaseRequest =
  /** `sql` is one statement without anything after it. */
  | { task: 'query'; sql: string; parameters: JsonObject; access: 'read' | 'write'; tables?: readonly string[] }
  | { task: 'catalogue'; tables?: readonly string[] };

export interface DatabaseFailure {
  code: string;
  message: string;
  mayRetry?: true;
}

/** `text` is the JSON of the result: made once, in the process that holds the rows. */
export type DatabaseReply = { text: string } | { failure: DatabaseFailure };

/** Thrown within the database process; ends as a reply. */
export class DatabaseError extends Error {
  readonly failure: DatabaseFailure;
  constructor(code: string, message: string, mayRetry = false) {
    super(message);
    this.failure = { code, message, ...(mayRetry && { mayRetry: true }) };
  }
}
