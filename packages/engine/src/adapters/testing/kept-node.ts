/** A node that is kept to some tables of a database, as the tests of every engine ask for it. What is withheld from it is called `secrets` and holds `hush`. */
import type { Catalogue, JsonObject, QueryResult } from '@switchyard/shared';
import { expect } from 'vitest';
import type { ClosableHost } from '../host.ts';
import { ask, failureOf } from './host-bench.ts';

export class KeptNode {
  readonly #host: ClosableHost;
  readonly #connection: string;
  readonly #kept: { tables?: readonly string[] };

  /** Without tables, a node that is kept to none in particular. */
  constructor(host: ClosableHost, connection: string, tables?: readonly string[]) {
    this.#host = host;
    this.#connection = connection;
    this.#kept = tables ? { tables } : {};
  }

  query(sql: string, parameters: JsonObject = {}): Promise<QueryResult> {
    return ask(this.#host, 'query', { connection: this.#connection, sql, parameters, access: 'read', ...this.#kept });
  }

  write(sql: string): Promise<QueryResult> {
    return ask(this.#host, 'query', { connection: this.#connection, sql, parameters: {}, access: 'write', ...this.#kept }, { effect: 'write' });
  }

  /** The statement is refused for good, and nothing told of what is withheld. */
  async expectRefused(sql: string): Promise<void> {
    const failure = await failureOf(this.query(sql));
    expect(failure, sql).toMatchObject({ code: 'sql-refused', retry: 'never' });
    expect(JSON.stringify(failure), sql).not.toContain('hush');
  }

  async expectWriteRefused(sql: string): Promise<void> {
    expect((await failureOf(this.write(sql))).code, sql).toBe('sql-refused');
  }

  /** A statement with a name that is almost `secrets` fails without telling that name. */
  async expectNoHint(sql: string): Promise<void> {
    expect((await failureOf(this.query(sql))).message).not.toContain('secrets');
  }

  /** The catalogue tells these tables alone, and nothing that refers to others. */
  async expectCatalogue(names: readonly string[], withheld = /secrets|hush/): Promise<Catalogue> {
    const catalogue = await ask<Catalogue>(this.#host, 'catalogue', { connection: this.#connection, ...this.#kept });
    expect(catalogue.tables.map(({ name }) => name)).toEqual(names);
    expect(JSON.stringify(catalogue)).not.toMatch(withheld);
    return catalogue;
  }
}
