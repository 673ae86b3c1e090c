/** Builds what the procedures work with, on an open data folder. Part of the composition root, with main.ts. */
import type { Host, Registry, SecretSource } from '@switchyard/engine';
import {
  builtinModels,
  createEgress,
  createHost,
  createRedactor,
  discoverModels,
  RunStore,
  testModel,
  type ClosableHost,
  type Redact,
} from '@switchyard/engine/adapters';
import { compile } from '@switchyard/engine/compile';
import { exampleParts, examples, readExampleFlow, readExampleWorkspace } from '@switchyard/examples';
import { emptyWorkspace, FailureError, failure, type CatalogueRequest, type Model, type Workspace } from '@switchyard/shared';
import type { Logger } from 'pino';
import type { Application } from './application.ts';
import { readWorkspaceFile, type LocatedWorkspace } from './cli/documents.ts';
import type { DataFolder } from './data-folder.ts';
import { openStore, type Store } from './db/open-store.ts';
import { createSecretSource, environmentSecrets } from './secrets/secret-source.ts';
import { Vault } from './secrets/vault.ts';
import { createRunner } from './work/runner.ts';
import type { LocalRunner, Runner } from './work/runner-interface.ts';
import type { OwnHost } from './work/runner-options.ts';
import { forgetWorkspace, rememberedWorkspace } from './work/run-workspaces.ts';
import { acceptShown, checkWithOffer, readCatalogue } from './workspace/check-connection.ts';
import { LiveWorkspace } from './workspace/live-workspace.ts';
import { maskedHost } from './workspace/masked-host.ts';
import { seedFromExample, seedFromFile } from './workspace/seed.ts';

export interface BuildOptions {
  folder: DataFolder;
  registry: Registry;
  environment: Readonly<Record<string, string | undefined>>;
  log: Logger;
  /** The workspace file given at start. */
  workspace?: LocatedWorkspace;
  /** Opens the runner that the application uses, on its host; without it, runs are this process's own. */
  openRunner?(parts: { host: Host; redactor(): Redact }): Promise<Runner>;
}

export interface Built {
  application: Application;
  secrets: SecretSource;
  runs: RunStore;
  /** Runs of this process's data folder: the application's own runner, unless another one was opened. */
  localRunner: LocalRunner;
  /** What seeding had to tell. */
  notes: string[];
}

/** Whatever is opened is closed by `opening`, in reverse order. */
export async function buildApplication(options: BuildOptions, opening: AsyncDisposableStack): Promise<Built> {
  const { folder, registry, environment } = options;
  const discovering = discoverModels(environment);
  const store = openStore(folder.file('switchyard.db'));
  opening.defer(() => store.close());
  const vault = await openVault(store, options);
  const secrets = createSecretSource(environmentSecrets(environment), vault);
  const notes = await seed(store, options.workspace);
  const found = Object.entries(await discovering);
  const workspace = await LiveWorkspace.open({
    database: store.database,
    vault,
    secrets,
    builtin: builtinModels,
    examples: exampleParts,
    discovered: { models: Object.fromEntries(found.map(([name, { model }]) => [name, model])), notes: found.map(([name, { note }]) => `${name}: ${note}`) },
  });
  const hostFor = (given: () => Workspace, baseDirectory: string) =>
    createHost({ workspace: given, baseDirectory, dataDirectory: folder.path, secrets, examples: exampleParts });
  const host = hostFor(() => workspace.current(), folder.path);
  opening.defer(() => host.close());
  const runs = new RunStore(folder.file('runs.db'));
  opening.defer(() => runs.close());
  const redactor = () => createRedactor(secrets.values());
  const localRunner = createRunner({
    registry,
    host,
    store: runs,
    redactor,
    hostOf: (run) => ownHost(run, folder.path, hostFor),
    parks: 'always',
    wakes: { onTrouble: (run, error) => options.log.error({ run, err: error }, 'a waiting run could not go on') },
  });
  opening.defer(() => localRunner.close());
  const runner = options.openRunner ? await options.openRunner({ host, redactor }) : localRunner;
  if (runner !== localRunner) opening.defer(() => runner.close());
  const application: Application = {
    database: store.database,
    registry,
    runner,
    workspace,
    examples: examples.map((example) => ({ id: example.id, title: example.title, description: example.description, flow: readExampleFlow(example) })),
    compile: (source) => compile(source, workspace.current(), registry),
    ...checksOf(maskedHost(host, redactor), workspace, { secrets, opening }),
  };
  return { application, secrets, runs, localRunner, notes };
}

/** The host of a run that the command line began on a workspace file of its own. */
function ownHost(run: string, folder: string, hostFor: (given: () => Workspace, baseDirectory: string) => ClosableHost): OwnHost | undefined {
  const file = rememberedWorkspace(folder, run);
  if (file === undefined) return undefined;
  const { workspace, folder: baseDirectory } = readWorkspaceFile(file);
  const known = { ...workspace, models: { ...builtinModels, ...workspace.models } };
  const host = hostFor(() => known, baseDirectory);
  return {
    host,
    async close(isOver) {
      await host.close();
      if (isOver) forgetWorkspace(folder, run);
    },
  };
}

async function openVault(store: Store, { folder, environment }: BuildOptions): Promise<Vault> {
  const key = environment.SWITCHYARD_VAULT_KEY;
  return await Vault.open(store.database, { file: folder.file('vault.key'), ...(key !== undefined && { fromEnvironment: key }) });
}

/** The first example's entries, and the connections of the others: each that is opened finds its data. Where two have the same name, the first's counts. */
function workspaceOfExamples(): Workspace {
  const [first, ...others] = examples.map(readExampleWorkspace);
  const connections = Object.fromEntries([...others, ...(first ? [first] : [])].flatMap((workspace) => Object.entries(workspace.connections)));
  return { ...(first ?? emptyWorkspace()), connections };
}

async function seed(store: Store, located: LocatedWorkspace | undefined): Promise<string[]> {
  const notes = located ? await seedFromFile(store.database, located) : [];
  const [first] = examples;
  if (first) await seedFromExample(store.database, { id: first.id, flow: readExampleFlow(first), workspace: workspaceOfExamples() });
  return notes;
}

function checksOf(host: ClosableHost, workspace: LiveWorkspace, { secrets, opening }: { secrets: SecretSource; opening: AsyncDisposableStack }) {
  const egress = createEgress({});
  opening.defer(() => egress.close());
  return {
    testModel: async (name: string, signal: AbortSignal) => {
      const model = modelOf(workspace.current(), name);
      const check = await testModel(model, { name, secrets, signal, local: host.local, dispatcher: (permitted) => egress.dispatcher(permitted) });
      await workspace.rememberTest(name, model, check);
      return check;
    },
    testConnection: (name: string, signal: AbortSignal) => checkWithOffer(host, name, signal),
    acceptConnection: (name: string, hash: string, signal: AbortSignal) => acceptShown(host, workspace, { name, hash, signal }),
    catalogue: (request: CatalogueRequest, signal: AbortSignal) => readCatalogue(host, request, signal),
  };
}

function modelOf({ models }: Workspace, name: string): Model {
  const model = Object.hasOwn(models, name) ? models[name] : undefined;
  if (!model) throw new FailureError(failure('model-missing', `The workspace has no model named "${name}".`));
  return model;
}
