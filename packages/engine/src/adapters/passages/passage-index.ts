/**
 * The index of one corpus in one SQLite file: passages by their words (FTS5, BM25) and by their meaning (sqlite-vec), and the version of each text they come from.
 *
 * 1. A text's passages are exchanged as one: whoever searches sees all of the old or all of the new.
 * 2. A passage whose words have not changed keeps its id and its vector.
 * 3. Vectors are of one model: where another is named, all go.
 * 4. All of it can be made again from the source, so a file of another format is begun anew.
 */
import { createHash } from 'node:crypto';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { getLoadablePath } from 'sqlite-vec';
import { wordQuery } from './word-query.ts';

export interface IndexedPassage {
  place: string;
  heading: string;
  text: string;
}

export interface IndexedText {
  source: string;
  version: string;
  title: string;
  passages: IndexedPassage[];
}

export interface FoundPassage extends IndexedPassage {
  /** What an answer names it by. */
  id: string;
  source: string;
  title: string;
}

export interface IndexCounts {
  texts: number;
  passages: number;
  withVectors: number;
}

const format = 1;
const schema = `
  CREATE TABLE texts (id INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE, version TEXT NOT NULL, title TEXT NOT NULL);
  CREATE TABLE passages (id INTEGER PRIMARY KEY, origin INTEGER NOT NULL REFERENCES texts, ordinal INTEGER NOT NULL, place TEXT NOT NULL, name TEXT NOT NULL, hasVector INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX passages_origin ON passages (origin, ordinal);
  CREATE INDEX passages_name ON passages (name);
  CREATE INDEX passages_bare ON passages (id) WHERE hasVector = 0;
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE VIRTUAL TABLE words USING fts5 (title, heading, body, tokenize = 'porter unicode61 remove_diacritics 2');
`;

type Row = Record<string, string | number>;

export class PassageIndex {
  readonly #database: DatabaseSync;

  /** Makes the file where it is not there. */
  constructor(file: string) {
    this.#database = new DatabaseSync(file, { allowExtension: true, timeout: 5000 });
    this.#database.loadExtension(getLoadablePath());
    this.#database.enableLoadExtension(false);
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    if (this.#get('PRAGMA user_version')?.user_version !== format) this.#begin();
  }

  /** The version of every text, by its source. */
  versions(): [source: string, version: string][] {
    return this.#all('SELECT source, version FROM texts').map(({ source, version }) => [String(source), String(version)]);
  }

  put({ source, version, title, passages }: IndexedText): void {
    this.#together(() => {
      const origin = this.#get(
        'INSERT INTO texts (source, version, title) VALUES (?, ?, ?) ON CONFLICT (source) DO UPDATE SET version = excluded.version, title = excluded.title RETURNING id',
        source,
        version,
        title,
      )?.id as number;
      const old = new Map(this.#all('SELECT id, name FROM passages WHERE origin = ?', origin).map(({ id, name }) => [String(name), Number(id)]));
      for (const [ordinal, passage] of passages.entries()) {
        const name = nameOf(source, title, passage);
        const kept = old.get(name);
        old.delete(name);
        if (kept === undefined) this.#insert({ origin, ordinal, name, title, passage });
        else this.#run('UPDATE passages SET ordinal = ?, place = ? WHERE id = ?', ordinal, passage.place, kept);
      }
      this.#drop([...old.values()]);
    });
  }

  remove(sources: readonly string[]): void {
    this.#together(() => {
      for (const source of sources) {
        this.#drop(this.#all('SELECT p.id FROM passages p JOIN texts t ON t.id = p.origin WHERE t.source = ?', source).map(({ id }) => Number(id)));
        this.#run('DELETE FROM texts WHERE source = ?', source);
      }
    });
  }

  /** Passages without a vector of this model, in the order in which they came. */
  bare(model: string, most: number): { id: number; text: string }[] {
    if (this.#fact('model') !== model) this.#forgetVectors(model);
    const rows = this.#all('SELECT rowid AS id, heading, body FROM words WHERE rowid IN (SELECT id FROM passages WHERE hasVector = 0 LIMIT ?)', most);
    return rows.map(({ id, heading, body }) => ({ id: Number(id), text: heading === '' ? String(body) : `${heading}\n${body}` }));
  }

  /** The model is that of the latest `bare`. Passages that have gone since are passed over. */
  putVectors(vectors: readonly { id: number; vector: Float32Array }[]): void {
    const [first] = vectors;
    if (!first) return;
    this.#together(() => {
      if (this.#fact('dimensions') === undefined) {
        this.#database.exec(`CREATE VIRTUAL TABLE vectors USING vec0 (embedding float[${first.vector.length}] distance_metric = cosine)`);
        this.#setFact('dimensions', String(first.vector.length));
      }
      for (const { id, vector } of vectors) {
        if (!this.#get('UPDATE passages SET hasVector = 1 WHERE id = ? AND hasVector = 0 RETURNING id', id)) continue;
        this.#run('INSERT INTO vectors (rowid, embedding) VALUES (?, ?)', BigInt(id), bytesOf(vector));
      }
    });
  }

  /** Ids of passages with the words of the query, best first. */
  byWords(query: string, { prefix, most }: { prefix: string; most: number }): number[] {
    const words = wordQuery(query);
    if (words === '') return [];
    const rows = this.#all(
      `SELECT words.rowid AS id FROM words JOIN passages p ON p.id = words.rowid JOIN texts t ON t.id = p.origin
       WHERE words MATCH ? AND substr(t.source, 1, ?) = ? ORDER BY bm25(words, 4.0, 2.0, 1.0), words.rowid LIMIT ?`,
      words,
      prefix.length,
      prefix,
      most,
    );
    return rows.map(({ id }) => Number(id));
  }

  /** Ids of passages whose vectors are near, nearest first; none where the vector is of another length. */
  byVector(vector: Float32Array, { prefix, most }: { prefix: string; most: number }): number[] {
    if (this.#fact('dimensions') !== String(vector.length)) return [];
    // Where only some sources may be seen, the nearest of all may be others: more are looked at then.
    const looked = prefix === '' ? most : most * 20;
    const rows = this.#all(
      `SELECT v.rowid AS id FROM (SELECT rowid, distance FROM vectors WHERE embedding MATCH ? AND k = ?) v
       JOIN passages p ON p.id = v.rowid JOIN texts t ON t.id = p.origin WHERE substr(t.source, 1, ?) = ? ORDER BY v.distance LIMIT ?`,
      bytesOf(vector),
      looked,
      prefix.length,
      prefix,
      most,
    );
    return rows.map(({ id }) => Number(id));
  }

  /** The first passage of each of these texts that is there, in their order. */
  firstOf(sources: readonly string[]): number[] {
    const first = 'SELECT p.id FROM passages p JOIN texts t ON t.id = p.origin WHERE t.source = ? ORDER BY p.ordinal LIMIT 1';
    return sources.flatMap((source) => this.#all(first, source).map(({ id }) => Number(id)));
  }

  passages(ids: readonly number[]): FoundPassage[] {
    return ids.flatMap((id) => this.#found('p.id = ?', id, 1));
  }

  /** Passages that are named by these ids of theirs. */
  named(names: readonly string[]): FoundPassage[] {
    return names.flatMap((name) => this.#found('p.name = ?', name, 1));
  }

  /** The passages of a text from a place on, at most so many; undefined where there is no such text or place. */
  from(source: string, place: string | undefined, most: number): { passages: FoundPassage[]; isMore: boolean } | undefined {
    const first = this.#get(
      'SELECT p.origin, p.ordinal FROM passages p JOIN texts t ON t.id = p.origin WHERE t.source = ? AND (? IS NULL OR p.place = ?) ORDER BY p.ordinal LIMIT 1',
      source,
      place ?? null,
      place ?? null,
    );
    if (!first) return undefined;
    const passages = this.#found('p.origin = ? AND p.ordinal >= ?', Number(first.origin), Number(first.ordinal), most + 1);
    return { passages: passages.slice(0, most), isMore: passages.length > most };
  }

  counts(): IndexCounts {
    const { texts, passages, withVectors } = this.#get(
      'SELECT (SELECT count(*) FROM texts) AS texts, count(*) AS passages, coalesce(sum(hasVector), 0) AS withVectors FROM passages',
    ) as Row;
    return { texts: Number(texts), passages: Number(passages), withVectors: Number(withVectors) };
  }

  titles(prefix: string, most: number): { source: string; title: string }[] {
    const rows = this.#all('SELECT source, title FROM texts WHERE substr(source, 1, ?) = ? ORDER BY source LIMIT ?', prefix.length, prefix, most);
    return rows.map(({ source, title }) => ({ source: String(source), title: String(title) }));
  }

  close(): void {
    this.#database.close();
  }

  #begin(): void {
    this.#together(() => {
      const tables = this.#all("SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('vectors', 'words', 'texts', 'passages', 'facts')");
      for (const { name } of tables) this.#database.exec(`DROP TABLE IF EXISTS ${name}`);
      this.#database.exec(schema);
      this.#database.exec(`PRAGMA user_version = ${format}`);
    });
  }

  #insert({ origin, ordinal, name, title, passage }: { origin: number; ordinal: number; name: string; title: string; passage: IndexedPassage }): void {
    const { place, heading, text } = passage;
    const id = this.#get('INSERT INTO passages (origin, ordinal, place, name) VALUES (?, ?, ?, ?) RETURNING id', origin, ordinal, place, name)?.id as number;
    this.#run('INSERT INTO words (rowid, title, heading, body) VALUES (?, ?, ?, ?)', id, title, heading, text);
  }

  #drop(ids: readonly number[]): void {
    const hasVectors = this.#fact('dimensions') !== undefined;
    for (const id of ids) {
      this.#run('DELETE FROM words WHERE rowid = ?', id);
      this.#run('DELETE FROM passages WHERE id = ?', id);
      if (hasVectors) this.#run('DELETE FROM vectors WHERE rowid = ?', BigInt(id));
    }
  }

  #forgetVectors(model: string): void {
    this.#together(() => {
      this.#database.exec('DROP TABLE IF EXISTS vectors; UPDATE passages SET hasVector = 0 WHERE hasVector = 1');
      this.#run("DELETE FROM facts WHERE name = 'dimensions'");
      this.#setFact('model', model);
    });
  }

  /** The last value is how many at most. */
  #found(where: string, ...values: (string | number)[]): FoundPassage[] {
    const rows = this.#all(
      `SELECT p.name, t.source, t.title, p.place, w.heading, w.body FROM passages p JOIN texts t ON t.id = p.origin JOIN words w ON w.rowid = p.id
       WHERE ${where} ORDER BY p.origin, p.ordinal LIMIT ?`,
      ...values,
    );
    return rows.map(({ name, source, title, place, heading, body }) => ({
      id: String(name),
      source: String(source),
      title: String(title),
      place: String(place),
      heading: String(heading),
      text: String(body),
    }));
  }

  #fact(name: string): string | undefined {
    return this.#get('SELECT value FROM facts WHERE name = ?', name)?.value as string | undefined;
  }

  #setFact(name: string, value: string): void {
    this.#run('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)', name, value);
  }

  #together(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#database.prepare(sql).get(...values) as Row | undefined;
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#database.prepare(sql).all(...values) as Row[];
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#database.prepare(sql).run(...values);
  }
}

/** Eight letters and digits that follow from the words: a citation means the same passage until it is changed. */
function nameOf(source: string, title: string, { heading, text }: IndexedPassage): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([source, title, heading, text]))
    .digest();
  return (digest.readBigUInt64BE() % 36n ** 8n).toString(36).padStart(8, '0');
}

function bytesOf(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}
