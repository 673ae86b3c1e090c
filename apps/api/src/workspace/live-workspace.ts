/**
 * The workspace as runs, compile and people see it: stored entries, then what was discovered, then the built-in models.
 *
 * 1. A change is on disk before it is seen.
 * 2. A secret of the vault goes to the origins it was first used with, and to no other: an entry that would send it elsewhere is refused when it
 *    is saved, and left out where it came from a file.
 */
import type { SecretSource } from '@switchyard/engine';
import { modelKeyName } from '@switchyard/engine/adapters';
import {
  FailureError,
  failure,
  fileOnlyField,
  stableText,
  type Connection,
  type ConnectionOffer,
  type ExampleParts,
  type Failure,
  type Json,
  type JsonObject,
  type Model,
  type ModelProtocol,
  type SchemaField,
  type Workspace,
} from '@switchyard/shared';
import { listEntries, putEntry, removeEntry, type StoredEntry } from '../db/entries.ts';
import type { Database } from '../db/schema.ts';
import type { Vault } from '../secrets/vault.ts';
import { putAcceptedOffer, readAcceptedOffers, withAccepted, type AcceptedOffers } from './accepted-offers.ts';
import { secretUse } from './secret-use.ts';
import { putTestedModel, readTestedModels, withTested, type TestedModels } from './tested-models.ts';

export type ModelOrigin = 'stored' | 'file' | 'environment' | 'builtin';

export interface WorkspaceView {
  models: { name: string; model: Model; origin: ModelOrigin; isUsable: boolean }[];
  /** `type`: what it is used as, which of a part of an example is what that part stands for. */
  connections: { name: string; connection: Connection; type: Connection['type'] }[];
  secrets: { name: string; isSet: boolean }[];
  /** What a person should know: what was found, what is missing. */
  notes: string[];
}

export interface ModelCheck {
  ok: boolean;
  latencyMs: number;
  /** Whether it called the tool that it was offered. */
  toolCalling: boolean;
  /** The way in which it did, and the field that holds it to a schema. */
  protocol?: ModelProtocol;
  schemaField?: SchemaField;
  message: string;
  failure?: Failure;
}

export interface ConnectionCheck {
  ok: boolean;
  latencyMs: number;
  message: string;
  /** What a person has to read and accept before it is used. */
  offer?: ConnectionOffer;
}

export interface LiveWorkspaceOptions {
  database: Database;
  vault: Vault;
  secrets: SecretSource;
  /** Models found at start, by name, and what to tell of the search. */
  discovered: { models: Readonly<Record<string, Model>>; notes: readonly string[] };
  builtin: Readonly<Record<string, Model>>;
  examples: ExampleParts;
}

export class LiveWorkspace {
  readonly #options: LiveWorkspaceOptions;
  #entries: StoredEntry[] = [];
  #tested: TestedModels = {};
  #accepted: AcceptedOffers = {};
  #current: Workspace | undefined;

  private constructor(options: LiveWorkspaceOptions) {
    this.#options = options;
  }

  static async open(options: LiveWorkspaceOptions): Promise<LiveWorkspace> {
    const workspace = new LiveWorkspace(options);
    await workspace.#reload();
    return workspace;
  }

  /** As runs and compile see it now. */
  current(): Workspace {
    this.#current ??= this.#merge();
    return this.#current;
  }

  view(): WorkspaceView {
    const { models, connections } = this.current();
    const named = [...this.#named()];
    return {
      models: Object.entries(models).map(([name, model]) => ({ name, model, origin: this.#originOf(name), isUsable: this.#isUsable(model) })),
      connections: Object.entries(connections).map(([name, connection]) => ({ name, connection, type: this.#typeOf(connection) })),
      secrets: [...new Set([...this.#options.vault.names(), ...named])].sort().map((name) => ({ name, isSet: this.#isSet(name) })),
      notes: [...this.#options.discovered.notes, ...this.#leftOut(), ...named.filter((name) => !this.#isSet(name)).map(notSet)],
    };
  }

  #typeOf(connection: Connection): Connection['type'] {
    const { examples } = this.#options;
    const part = 'example' in connection && Object.hasOwn(examples, connection.example) ? examples[connection.example] : undefined;
    return part?.type ?? connection.type;
  }

  /** `apiKey` goes to the vault; the stored model names it. */
  async saveModel(name: string, model: Model, apiKey?: string): Promise<Model> {
    const entry: StoredEntry & { sort: 'model' } = { sort: 'model', name, origin: 'stored', value: model };
    if (apiKey === undefined) {
      await this.#save(entry);
      return entry.value;
    }
    const secret = model.apiKey?.secret ?? this.#keyNameFor(name);
    entry.value = { ...model, apiKey: { secret } };
    const others = this.#entries.filter((other) => other.sort !== 'model' || other.name !== name);
    await this.#options.vault.set(secret, apiKey, originsUsing([...others, entry], secret));
    await this.#save(entry);
    return entry.value;
  }

  /** False where no stored model has this name; discovered and built-in ones cannot be removed. */
  async removeModel(name: string): Promise<boolean> {
    return await this.#remove('model', name);
  }

  /** Keeps what a test found of the model of this name; what it found before holds where it could not be reached. */
  async rememberTest(name: string, model: Model, check: ModelCheck): Promise<void> {
    if (!check.ok) return;
    await putTestedModel(this.#options.database, name, { model, found: check });
    await this.#reload();
  }

  /** Refuses what only a workspace file may say. */
  async saveConnection(name: string, connection: Connection): Promise<void> {
    const field = fileOnlyField(connection);
    if (field !== undefined)
      throw new FailureError(
        failure(
          'connection-refused',
          `The connection "${name}" was not saved: "${field}" starts something on the server's machine, so only a workspace file may say it.`,
        ),
      );
    await this.#save({ sort: 'connection', name, origin: 'stored', value: connection });
  }

  /** Keeps what was accepted of what the connection offers; false, and nothing is kept, where it is not any more what it was when that was read. */
  async acceptOffer(name: string, { connection, fields }: { connection: Connection; fields: JsonObject }): Promise<boolean> {
    const entry = this.#entries.find((candidate) => candidate.sort === 'connection' && candidate.name === name);
    const now = this.current().connections[name];
    if (entry?.sort !== 'connection' || !now || !isSame(now, connection)) return false;
    await putAcceptedOffer(this.#options.database, name, { connection: entry.value, fields });
    await this.#reload();
    return true;
  }

  async removeConnection(name: string): Promise<boolean> {
    return await this.#remove('connection', name);
  }

  /** Puts the secret into the vault, bound to the origins of the entries that name it now. */
  async setSecret(name: string, value: string): Promise<void> {
    await this.#options.vault.set(name, value, originsUsing(this.#entries, name));
    this.#current = undefined;
  }

  async removeSecret(name: string): Promise<boolean> {
    const isRemoved = await this.#options.vault.remove(name);
    this.#current = undefined;
    return isRemoved;
  }

  async #save(entry: StoredEntry): Promise<void> {
    const { vault } = this.#options;
    const misuse = misusedSecret(vault, entry);
    if (misuse) throw new FailureError(failure('secret-bound', `${misuse} Remove the secret, save this, then set the secret again.`));
    const { secrets, origins } = secretUse(entry);
    for (const secret of secrets) {
      const value = vault.get(secret);
      if (value !== undefined && origins.length > 0 && vault.origins(secret)?.length === 0) await vault.set(secret, value, origins);
    }
    await putEntry(this.#options.database, entry);
    await this.#reload();
  }

  async #remove(sort: StoredEntry['sort'], name: string): Promise<boolean> {
    const isRemoved = await removeEntry(this.#options.database, sort, name);
    await this.#reload();
    return isRemoved;
  }

  async #reload(): Promise<void> {
    this.#entries = await listEntries(this.#options.database);
    this.#tested = await readTestedModels(this.#options.database);
    this.#accepted = await readAcceptedOffers(this.#options.database);
    this.#current = undefined;
  }

  #merge(): Workspace {
    const { vault, discovered, builtin } = this.#options;
    const usable = this.#entries.filter((entry) => misusedSecret(vault, entry) === undefined);
    const connections = usable.flatMap((entry) =>
      entry.sort === 'connection' ? [[entry.name, withAccepted(entry.name, entry.value, this.#accepted)] as const] : [],
    );
    const models = usable.flatMap((entry) => (entry.sort === 'model' ? [[entry.name, entry.value] as const] : []));
    return {
      format: 'switchyard.workspace',
      version: 1,
      models: Object.fromEntries(
        Object.entries({ ...builtin, ...discovered.models, ...Object.fromEntries(models) }).map(([name, model]) => [
          name,
          withTested(name, model, this.#tested),
        ]),
      ),
      connections: Object.fromEntries(connections),
    };
  }

  #leftOut(): string[] {
    return this.#entries.flatMap((entry) => {
      const misuse = misusedSecret(this.#options.vault, entry);
      return misuse === undefined ? [] : [`${misuse} It is left out until the secret is set again.`];
    });
  }

  #originOf(name: string): ModelOrigin {
    const entry = this.#entries.find((candidate) => candidate.sort === 'model' && candidate.name === name);
    if (entry) return entry.origin;
    return Object.hasOwn(this.#options.discovered.models, name) ? 'environment' : 'builtin';
  }

  #isUsable(model: Model): boolean {
    const key = modelKeyName(model);
    return key === undefined || this.#isSet(key);
  }

  #isSet(secret: string): boolean {
    return this.#options.secrets.get(secret) !== undefined;
  }

  #named(): Set<string> {
    return new Set(this.#entries.flatMap((entry) => secretUse(entry).secrets).sort());
  }

  /** MODEL_<NAME>_KEY, told apart where another entry's key has that name. */
  #keyNameFor(model: string): string {
    const base = `MODEL_${model.replaceAll(/[^A-Za-z0-9]/g, '_').toUpperCase()}_KEY`;
    const taken = new Set(this.#entries.filter((entry) => entry.sort !== 'model' || entry.name !== model).flatMap((entry) => secretUse(entry).secrets));
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base}_${number}`;
    return name;
  }
}

function originsUsing(entries: readonly StoredEntry[], secret: string): string[] {
  const origins = entries.flatMap((entry) => {
    const use = secretUse(entry);
    return use.secrets.includes(secret) ? use.origins : [];
  });
  return [...new Set(origins)].sort();
}

/** Why the entry may not send a secret that it names; undefined where it may. */
function misusedSecret(vault: Vault, entry: StoredEntry): string | undefined {
  const { secrets, origins } = secretUse(entry);
  for (const secret of secrets) {
    const bound = vault.origins(secret);
    if (!bound || bound.length === 0 || (origins.length > 0 && origins.every((origin) => bound.includes(origin)))) continue;
    return `The ${entry.sort} "${entry.name}" would send the secret "${secret}" to ${origins.join(', ') || 'nowhere known'}, but it is bound to ${bound.join(', ')}.`;
  }
  return undefined;
}

function isSame(one: Connection, other: Connection): boolean {
  return stableText(one as unknown as Json) === stableText(other as unknown as Json);
}

function notSet(name: string): string {
  return `The secret "${name}" is named but not set: set it under Secrets, or give it as SWITCHYARD_SECRET_${name}.`;
}
