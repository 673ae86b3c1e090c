/**
 * Flows and plans as they ran: each distinct one is kept once, by the SHA-256 of its text. A program is a flow with the plan that was made of it: what
 * runs refer to.
 */
import { hash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

export class DocumentRows {
  readonly #select: StatementSync;
  readonly #insert: StatementSync;
  readonly #insertProgram: StatementSync;
  /** Of documents that are held somewhere: one that runs often is not made text again each time. They never change. */
  readonly #hashes = new WeakMap<object, string>();

  constructor(database: DatabaseSync) {
    this.#select = database.prepare('SELECT id FROM programs WHERE flow_hash = ? AND plan_hash = ?');
    this.#insert = database.prepare('INSERT OR IGNORE INTO documents (hash, text) VALUES (?, ?)');
    this.#insertProgram = database.prepare('INSERT INTO programs (flow_hash, plan_hash) VALUES (?, ?) RETURNING id');
  }

  /** Makes the hashes, outside a commit. */
  name(...documents: object[]): void {
    for (const document of documents) this.#hashOf(document);
  }

  /** Gives the program's id. Within a commit. */
  keep(flow: object, plan: object): number {
    const hashes = [this.#hashOf(flow), this.#hashOf(plan)];
    const known = this.#select.get(...hashes);
    if (known) return known.id as number;
    for (const document of [flow, plan]) this.#insert.run(this.#hashOf(document), JSON.stringify(document));
    return this.#insertProgram.get(...hashes)?.id as number;
  }

  #hashOf(document: object): string {
    const known = this.#hashes.get(document);
    if (known !== undefined) return known;
    const made = hash('sha256', JSON.stringify(document));
    this.#hashes.set(document, made);
    return made;
  }
}
