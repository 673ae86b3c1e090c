/** Flows and plans as they ran: each distinct one is kept once, by the SHA-256 of its text. */
import { hash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

export class DocumentRows {
  readonly #isKept: StatementSync;
  readonly #insert: StatementSync;
  /** Of documents that are held somewhere: one that runs often is not made text again each time. They never change. */
  readonly #hashes = new WeakMap<object, string>();

  constructor(database: DatabaseSync) {
    this.#isKept = database.prepare('SELECT 1 FROM documents WHERE hash = ?');
    this.#insert = database.prepare('INSERT INTO documents (hash, text) VALUES (?, ?)');
  }

  hashOf(document: object): string {
    const known = this.#hashes.get(document);
    if (known !== undefined) return known;
    const made = hash('sha256', JSON.stringify(document));
    this.#hashes.set(document, made);
    return made;
  }

  /** Within a commit. */
  keep(document: object): void {
    const key = this.hashOf(document);
    if (!this.#isKept.get(key)) this.#insert.run(key, JSON.stringify(document));
  }
}
