/** Corpora: passages of the texts of another connection, found by their words and by their meaning. */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { connectionTypeOf, FailureError, failure, type Connection } from '@switchyard/shared';
import { IndexHandle } from '../../passages/index-handle.ts';
import type { Connector, ConnectorMeans, OpenConnection } from '../connector.ts';
import { Corpus } from './corpus.ts';
import { performCorpusAction } from './corpus-actions.ts';
import { nearestRows } from './near-rows.ts';
import { objectTexts } from './object-texts.ts';
import { pageTexts } from './page-texts.ts';
import { rowTexts } from './row-texts.ts';
import type { TextSource } from './text-source.ts';

type CorpusConnection = Extract<Connection, { type: 'corpus' }>;

export const corpusConnector: Connector<'corpus'> = {
  type: 'corpus',
  async open(connection, means) {
    const held = new HeldCorpora(connection, means);
    return {
      connect: (request, call) =>
        held
          .current()
          .then((current) => performCorpusAction(current, request, call))
          .catch((error: unknown) => {
            throw call.deadline.failure(`Searching "${means.name}"`) ?? error;
          }),
      async check(call) {
        const current = await held.current();
        const trouble = await current.corpus.refresh(call);
        const { texts, passages } = await current.index.ask('counts');
        if (trouble !== undefined) throw new FailureError(failure('model-failed', trouble));
        return `It reads its source: ${texts} ${texts === 1 ? 'text' : 'texts'} with ${passages} ${passages === 1 ? 'passage' : 'passages'} so far.`;
      },
      close: () => held.close(),
    };
  },
};

/** The index that is open: of the source as the workspace has it now. */
class HeldCorpora {
  readonly #connection: CorpusConnection;
  readonly #means: ConnectorMeans;
  #open: { identity: string; index: IndexHandle; corpus: Corpus } | undefined;

  constructor(connection: CorpusConnection, means: ConnectorMeans) {
    this.#connection = connection;
    this.#means = means;
  }

  async current(): Promise<{ name: string; index: IndexHandle; corpus: Corpus }> {
    const { name } = this.#means;
    const identity = await this.#means.use(this.#connection.source, async (_, source) => identityOf(this.#connection, source));
    if (this.#open?.identity !== identity || this.#open.index.isGone) {
      const old = this.#open;
      this.#open = { identity, ...this.#begin(identity) };
      await old?.index.close();
    }
    return { name, ...this.#open };
  }

  async close(): Promise<void> {
    await this.#open?.index.close();
  }

  #begin(identity: string): { index: IndexHandle; corpus: Corpus } {
    const { source, refreshSeconds, embeddings, vectors } = this.#connection;
    const { dataDirectory, embedder, name, use } = this.#means;
    const folder = join(dataDirectory, 'corpora');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const index = new IndexHandle(join(folder, `${name.replaceAll(/[^\w-]/g, '_').slice(0, 40)}-${identity}.db`), `The index of connection "${name}"`);
    const corpus = new Corpus({
      index,
      refreshMs: refreshSeconds * 1000,
      withSource: (work) => use(source, (open, found) => work(textsOf({ connection: this.#connection, open, found, name }))),
      hasVectors: vectors !== undefined,
      embedder: () => (embeddings === undefined ? undefined : embedder(embeddings)),
    });
    return { index, corpus };
  }
}

/** Another wherever other texts may be read; how often is not what is read. */
function identityOf({ refreshSeconds: _, embeddings: __, ...selection }: CorpusConnection, { limits: ___, ...source }: Connection): string {
  return createHash('sha256')
    .update(JSON.stringify([selection, source]))
    .digest('hex')
    .slice(0, 24);
}

interface Selection {
  connection: CorpusConnection;
  open: OpenConnection;
  found: Connection;
  /** Of the corpus. */
  name: string;
}

/** What the source can be asked decides how it is read: where it can be asked several things, what the corpus names. */
function textsOf({ connection: { source: connection, prefix, table, columns = [], vectors, paths = [] }, open, found, name }: Selection): TextSource {
  const { isShipped, speaks, title } = connectionTypeOf(found);
  if (open.connect && (speaks === 'objects' || isShipped)) return objectTexts(open, { connection, prefix });
  if (open.query && open.catalogue && table !== undefined) {
    const rows = { connection, table, columns, name };
    return { ...rowTexts(open, rows), ...(vectors !== undefined && { nearest: nearestRows(open, { ...rows, vectors }) }) };
  }
  if (open.fetch && paths.length > 0) return pageTexts(open, { connection, paths });
  const missing = open.query ? 'a table' : open.fetch ? 'pages' : undefined;
  throw new FailureError(
    failure(
      'connection-invalid',
      missing === undefined
        ? `The corpus "${name}" takes its texts from "${connection}", a connection of the type ${title}, from which no texts can be read. Name a folder, a bucket, a database or an HTTP API.`
        : `The corpus "${name}" takes its texts from "${connection}", and names no ${missing.replace('a ', '')} of it. Set ${missing} in the connection "${name}".`,
    ),
  );
}
