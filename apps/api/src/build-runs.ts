/** Opens what `run` and `resume` work with. Part of the composition root, with main.ts. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Registry, SecretSource } from '@switchyard/engine';
import { builtinModels, createHost, createRedactor, RunStore, type ReadOffer } from '@switchyard/engine/adapters';
import { exampleParts } from '@switchyard/examples';
import { emptyWorkspace, type Workspace } from '@switchyard/shared';
import type { OfferOptions, OpenRuns, OpenRunsOptions } from './cli/command.ts';
import { openDataFolder } from './data-folder.ts';
import { createSecretSource, environmentSecrets } from './secrets/secret-source.ts';
import { forgetWorkspace, rememberWorkspace } from './work/run-workspaces.ts';
import { createRunner } from './work/runner.ts';

const offerTimeoutMs = 30_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** A runner on a host. Everything it opened is closed by `close`, or before this rejects. */
export async function openRuns(options: OpenRunsOptions, registry: Registry, environment: Environment): Promise<OpenRuns> {
  await using opening = new AsyncDisposableStack();
  const { host, secrets, folder } = await openHost(options, environment, opening);
  const store = folder && new RunStore(folder.file('runs.db'));
  opening.defer(() => store?.close());
  const runner = createRunner({
    registry,
    host,
    redactor: () => createRedactor(secrets.values()),
    ...(!options.isAttended && { parks: 'asked' }),
    ...(store && { store }),
  });
  opening.defer(() => runner.close());
  const opened = opening.move();
  const { workspaceFile } = options;
  return {
    runner,
    remember: (run) => {
      if (folder && workspaceFile !== undefined) rememberWorkspace(folder.path, run, workspaceFile);
    },
    forget: (run) => {
      if (folder) forgetWorkspace(folder.path, run);
    },
    close: () => opened.disposeAsync(),
  };
}

/** What a host is made from. */
export type OpenHostOptions = Pick<OpenRunsOptions, 'workspace' | 'baseDirectory' | 'dataFolder'>;

/** A host on the given workspace, or the stored one, with the secrets of the environment and the data folder's vault. Closed by `opening`. */
export async function openHost(options: OpenHostOptions, environment: Environment, opening: AsyncDisposableStack) {
  const folder = options.dataFolder === undefined ? undefined : openDataFolder(options.dataFolder);
  opening.defer(() => folder?.release());
  const stored = folder && existsSync(folder.file('switchyard.db')) ? await openStored(folder.path, environment, opening) : undefined;
  const secrets = stored?.secrets ?? createSecretSource(environmentSecrets(environment));
  const workspace = options.workspace ?? stored?.workspace ?? { ...emptyWorkspace(), models: { ...builtinModels } };
  const host = createHost({
    workspace: () => workspace,
    baseDirectory: options.baseDirectory,
    dataDirectory: folder?.path ?? exampleFolder(environment, opening),
    secrets,
    examples: exampleParts,
  });
  opening.defer(() => host.close());
  return { host, secrets, folder, workspace };
}

/** Tries a connection out, and reads what it offers that a person must accept. Rejects with a FailureError. */
export async function readOffer({ connection, ...options }: OfferOptions, environment: Environment): Promise<{ message: string; read: ReadOffer | undefined }> {
  await using opening = new AsyncDisposableStack();
  const { host } = await openHost(options, environment, opening);
  const scope = { signal: new AbortController().signal, timeoutMs: offerTimeoutMs, onDelta: () => {} };
  return { message: await host.checkConnection(connection, scope), read: await host.readOffer(connection, scope) };
}

/** The vault's secrets and the stored workspace of a data folder that the application has used. */
async function openStored(folder: string, environment: Environment, opening: AsyncDisposableStack): Promise<{ secrets: SecretSource; workspace: Workspace }> {
  const [{ openStore }, { Vault }, { LiveWorkspace }] = await Promise.all([
    import('./db/open-store.ts'),
    import('./secrets/vault.ts'),
    import('./workspace/live-workspace.ts'),
  ]);
  const store = openStore(join(folder, 'switchyard.db'));
  opening.defer(() => store.close());
  const key = environment.SWITCHYARD_VAULT_KEY;
  const vault = await Vault.open(store.database, { file: join(folder, 'vault.key'), ...(key !== undefined && { fromEnvironment: key }) });
  const secrets = createSecretSource(environmentSecrets(environment), vault);
  const live = await LiveWorkspace.open({
    database: store.database,
    vault,
    secrets,
    discovered: { models: {}, notes: [] },
    builtin: builtinModels,
    examples: exampleParts,
  });
  return { secrets, workspace: live.current() };
}

/** Where examples keep their databases without a data folder: the user's cache, or a folder of this process alone. */
function exampleFolder(environment: Environment, opening: AsyncDisposableStack): string {
  const cache = join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'switchyard');
  try {
    mkdirSync(cache, { recursive: true, mode: 0o700 });
    return cache;
  } catch {
    const own = mkdtempSync(join(tmpdir(), 'switchyard-'));
    opening.defer(() => rmSync(own, { recursive: true, force: true }));
    return own;
  }
}
