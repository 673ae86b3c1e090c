/** The kind `search` on real indexes: texts of every sort of source, what changes, what is jailed, meaning by vectors, and how well both find. */
import { cpSync } from 'node:fs';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyWorkspace, type JsonObject } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, failureOf } from '../../adapters/testing/host-bench.ts';
import type { ClosableHost } from '../../adapters/host.ts';
import { startEmbeddingServer, type EmbeddingServer } from '../../testing/servers/embedding-server.ts';
import { startVectorPostgres } from '../../testing/servers/vector-postgres.ts';
import { RoomBench } from '../../testing/room-bench.ts';

let bench = new RoomBench('search');
let embeddings: EmbeddingServer;
beforeEach(async () => {
  embeddings = await startEmbeddingServer();
});
afterEach(async () => {
  await bench.close();
  await embeddings.stop();
  bench = new RoomBench('search');
});

type Shown = { cite: string; source: string; place: string; heading?: string; title?: string; text: string; score: number };

const corpus = (more: JsonObject) => ({ type: 'corpus' as const, source: 'texts', refreshSeconds: 0, ...more });
const hostOf = () => bench.host({ workspace: () => ({ ...emptyWorkspace(), connections: bench.connections, models: { letters: embeddings.model } }) });
const act = <T = JsonObject>(host: ClosableHost, action: string, args: JsonObject) =>
  ask<T>(host, 'connect', { connection: 'corpus', action, arguments: args });
const search = async (host: ClosableHost, query: string, more: JsonObject = {}) =>
  await act<{ passages: Shown[]; notes?: string[] }>(host, 'search', { query, ...more });

/** A vector as the model's endpoint gives it. */
async function embed(input: string): Promise<number[]> {
  const { baseUrl } = embeddings.model as { baseUrl: string };
  const answer = await fetch(`${baseUrl}/embeddings`, { method: 'POST', body: JSON.stringify({ input: [input], model: 'letters' }) });
  return ((await answer.json()) as { data: { embedding: number[] }[] }).data[0]?.embedding ?? [];
}

async function folder(texts: Record<string, string>): Promise<string> {
  const place = join(await bench.directory(), 'texts');
  for (const [key, text] of Object.entries(texts)) {
    await mkdir(join(place, key, '..'), { recursive: true });
    await writeFile(join(place, key), text);
  }
  bench.connections.texts = { type: 'files', url: 'file:texts' };
  bench.connections.corpus = corpus({});
  return place;
}

describe('a folder', () => {
  test('is found by words, whatever their endings, with source, place and citation', async () => {
    await folder({ 'a.md': '# Returns\n\nHello.\n\n## Money\n\nRefunds are paid in five days.\n', 'b.md': '# Other\n\nNothing here.' });
    const host = await hostOf();
    const { passages } = await search(host, 'When is a refund paid?');
    expect(passages).toHaveLength(1);
    expect(passages[0]).toMatchObject({
      source: 'a.md',
      place: 'line 7',
      title: 'Returns',
      heading: 'Returns › Money',
      text: 'Refunds are paid in five days.',
    });
    expect(passages[0]?.cite).toMatch(/^\[[a-z0-9]{8}\]$/);
  });

  test('is read again where it has changed, and only there; what is gone is not found', async () => {
    const place = await folder({ 'a.md': 'alpha beta', 'b.md': 'gamma' });
    const host = await hostOf();
    expect((await search(host, 'gamma')).passages).toHaveLength(1);
    await writeFile(join(place, 'a.md'), 'delta');
    await utimes(join(place, 'a.md'), new Date(), new Date(Date.now() + 5000));
    await rm(join(place, 'b.md'));
    expect((await search(host, 'delta')).passages).toHaveLength(1);
    expect((await search(host, 'gamma alpha')).passages).toEqual([]);
  });

  test('keeps its index between hosts, and starts another where the source is another', async () => {
    await folder({ 'a.md': 'alpha' });
    const first = await hostOf();
    const before = await search(first, 'alpha');
    expect(await search(await hostOf(), 'alpha')).toEqual(before);
    await mkdir(join(await bench.directory(), 'empty'));
    bench.connections.texts = { type: 'files', url: 'file:empty' };
    expect((await search(first, 'alpha')).passages).toEqual([]);
  });

  test('is indexed once however many search it at the same time, and by the next where the first is cancelled', async () => {
    await folder(Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`${index}.md`, `text number${index}`])));
    bench.connections.corpus = corpus({ refreshSeconds: 600, embeddings: 'letters' });
    const host = await hostOf();
    const leaving = new AbortController();
    const asked = { connection: 'corpus', action: 'search', arguments: { query: 'number7' } };
    const first = failureOf(ask(host, 'connect', asked, { signal: leaving.signal }));
    const others = Promise.all(Array.from({ length: 5 }, () => search(host, 'number7', { limit: 1 })));
    leaving.abort();
    expect((await first).code).toBe('cancelled');
    for (const { passages } of await others) expect(passages[0]?.source).toBe('7.md');
    const { texts } = await act(host, 'about', {});
    expect(texts).toBe(60);
  });

  test('that is larger than one call has time for is gone on with by the next, and says so', async () => {
    await folder(Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`${index}.md`, `alpha ${'more words '.repeat(6000)}`])));
    const host = await hostOf();
    const asked = { connection: 'corpus', action: 'search', arguments: { query: 'alpha' } };
    const notes: boolean[] = [];
    for (let tries = 0; tries < 100 && notes.at(-1) !== false; tries += 1) {
      const found = await ask<{ notes?: string[] }>(host, 'connect', asked, { timeoutMs: 700 }).catch(() => ({ notes: ['out of time'] }));
      notes.push(found.notes !== undefined);
    }
    expect([notes[0], notes.at(-1)]).toEqual([true, false]);
  });

  test('no query is syntax', async () => {
    await folder({ 'a.md': 'alpha "beta" NEAR' });
    const host = await hostOf();
    for (const query of ['"', 'alpha AND', 'NEAR(alpha', '*', "a' OR 1=1 --", 'text:alpha', '(', 'the', '—']) await search(host, query);
    expect((await search(host, 'NEAR')).passages).toHaveLength(1);
  });

  test('is read on from a place, and jailed by a prefix', async () => {
    const long = Array.from({ length: 40 }, (_, index) => `Paragraph ${index}. ${'word '.repeat(80)}`).join('\n\n');
    await folder({ 'in/long.md': long, 'out/secret.md': 'Paragraph of a secret' });
    const host = await hostOf();
    const { passages } = await search(host, 'paragraph', { prefix: 'in/', limit: 20 });
    expect(new Set(passages.map(({ source }) => source))).toEqual(new Set(['in/long.md']));
    const read = (await act(host, 'read', { source: 'in/long.md', place: passages[0]?.place ?? '' })) as { passages: Shown[] };
    expect(read.passages[0]?.place).toBe(passages[0]?.place);
    expect((await failureOf(act(host, 'read', { source: 'out/secret.md', prefix: 'in/' }))).code).toBe('passage-missing');
    expect((await failureOf(act(host, 'read', { source: 'in/long.md', place: 'line 9999' }))).code).toBe('passage-missing');
    const config = { connection: 'corpus', prefix: 'in/', text: '{{ q }}' };
    expect(JSON.stringify((await bench.runStep(config, { q: 'secret' })).outputs)).not.toContain('out/');
  });

  test('as a step gives passages and a text for a prompt; what an answer cites is looked up, what it makes up is told', async () => {
    await folder({ 'a.md': '# Returns\n\nWithin 30 days.' });
    const { outputs } = await bench.runStep({ connection: 'corpus', text: '{{ q }}', limit: 2 }, { q: 'How many days?' });
    const [passage] = outputs.passages as unknown as Shown[];
    expect(outputs.text).toBe(`${passage?.cite ?? ''} Returns (a.md, line 3)\nWithin 30 days.`);
    const cited = await bench.runStep({ connection: 'corpus', action: 'cited', text: '{{ a }}' }, { a: `30 days ${passage?.cite ?? ''} [madeup00].` });
    expect(cited.outputs).toMatchObject({ sources: [{ source: 'a.md', text: 'Within 30 days.' }], unknown: ['madeup00'] });
    expect((await bench.runStep({ connection: 'corpus', text: '{{ q }}' }, { q: ' ' })).failure?.code).toBe('query-missing');
  });
});

describe('other sources', () => {
  test('rows of a table are texts, page by page', async () => {
    const rows = Array.from({ length: 450 }, (_, index) => `(${index + 1}, 'Title ${index + 1}', 'body of number${index + 1}', 7)`).join(',');
    await bench.database('texts', `CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT, body TEXT, n INTEGER); INSERT INTO articles VALUES ${rows}`);
    bench.connections.corpus = corpus({ table: 'articles' });
    const host = await hostOf();
    expect((await search(host, 'number444')).passages[0]).toMatchObject({ source: 'articles/444', text: 'title: Title 444\nbody: body of number444' });
    bench.connections.corpus = corpus({ table: 'articles', columns: ['nothing'] });
    expect(await failureOf(search(host, 'x'))).toMatchObject({ code: 'connection-invalid', message: expect.stringContaining('no column "nothing"') as string });
    bench.connections.corpus = corpus({ table: 'none' });
    expect((await failureOf(search(host, 'x'))).message).toContain('It has articles');
  });

  test('rows whose table has vectors are compared by pgvector, and none of their texts is embedded', async () => {
    const postgres = await startVectorPostgres();
    try {
      const said = ['Parcels arrive within two days.', 'Refunds are paid in five days.', 'Lamps need a bulb.'];
      const vectors = await Promise.all(said.map((text) => embed(text)));
      const rows = said.map((text, index) => `(${index + 1}, '${text}', '[${(vectors[index] as number[]).join(',')}]')`).join(',');
      await postgres.run(
        `CREATE TABLE "Help articles" (id int PRIMARY KEY, body text, embedding vector(256)); INSERT INTO "Help articles" VALUES ${rows}, (4, 'No vector yet.', NULL)`,
      );
      bench.connections.texts = { type: 'postgres', url: postgres.url };
      bench.connections.corpus = corpus({ table: 'Help articles', vectors: 'embedding', embeddings: 'letters' });
      const host = await hostOf();
      embeddings.requests.length = 0;
      const near = await search(host, 'refund payment', { ranking: 'vectors' });
      expect(near.notes).toBeUndefined();
      expect(near.passages.map(({ source }) => source)[0]).toBe('Help articles/2');
      expect(near.passages).toHaveLength(3);
      expect(embeddings.requests).toEqual([['refund payment']]);
      expect((await search(host, 'no vector')).passages[0]).toMatchObject({ source: 'Help articles/4' });
      expect((await search(host, 'refund', { ranking: 'vectors', prefix: 'Help articles/3' })).passages.map(({ source }) => source)).toEqual([
        'Help articles/3',
      ]);

      await postgres.run('ALTER TABLE "Help articles" ALTER COLUMN embedding TYPE halfvec(256)');
      bench.connections.corpus = corpus({ table: 'Help articles', vectors: 'body', embeddings: 'letters' });
      const told = await search(host, 'refunds');
      expect(told.passages[0]).toMatchObject({ source: 'Help articles/2' });
      expect(told.notes?.join()).toContain('no column "body" of the type vector or halfvec. Of these types it has embedding');
      bench.connections.corpus = corpus({ table: 'Help articles', vectors: 'embedding', embeddings: 'letters' });
      expect((await search(await hostOf(), 'lamp bulb', { ranking: 'vectors' })).passages[0]).toMatchObject({ source: 'Help articles/3' });
    } finally {
      await bench.close();
      bench = new RoomBench('search');
      await postgres.stop();
    }
  });

  test('vectors of rows are of PostgreSQL alone, and said to be', async () => {
    await bench.database('texts', "CREATE TABLE articles (id INTEGER PRIMARY KEY, body TEXT, v BLOB); INSERT INTO articles VALUES (1, 'refunds', NULL)");
    bench.connections.corpus = corpus({ table: 'articles', vectors: 'v', embeddings: 'letters' });
    const { passages, notes } = await search(await hostOf(), 'refunds');
    expect(passages).toHaveLength(1);
    expect(notes?.join()).toContain('PostgreSQL with pgvector alone, and its source is sqlite');
  });

  test('pages of a site are texts without their markup', async () => {
    const baseUrl = await bench.serve((request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(
        `<!doctype html><title>t</title><script>var hidden = 1</script><h1>Hours</h1><p>Open from <b>eight</b> &amp; later ${request.url ?? ''}</p>`,
      );
    });
    bench.connections.texts = { type: 'http', baseUrl };
    bench.connections.corpus = corpus({ paths: ['/hours?lang=en'] });
    const { passages } = await search(await hostOf(), 'when is it open');
    expect(passages[0]).toMatchObject({ source: '/hours?lang=en', heading: 'Hours', text: 'Open from eight & later /hours?lang=en' });
  });

  test('what holds no texts, names too little, or is missing is told', async () => {
    bench.connections.texts = { type: 'corpus', source: 'corpus', refreshSeconds: 0 };
    bench.connections.corpus = corpus({});
    const host = await hostOf();
    expect((await failureOf(search(host, 'x'))).code).toBe('connection-invalid');
    bench.connections.texts = { type: 'http', baseUrl: 'http://127.0.0.1:1' };
    expect((await failureOf(search(host, 'x'))).message).toContain('names no pages');
    delete bench.connections.texts;
    expect((await failureOf(search(host, 'x'))).code).toBe('connection-missing');
  });
});

describe('meaning', () => {
  test('is compared by vectors, made once for each passage', async () => {
    const place = await folder({ 'a.md': '# A\n\nRefunding', 'b.md': '# B\n\nzebra' });
    bench.connections.corpus = corpus({ embeddings: 'letters' });
    const host = await hostOf();
    expect((await search(host, 'unrefundable', { limit: 1 })).passages[0]?.source).toBe('a.md');
    await search(host, 'again');
    expect(embeddings.requests.map((texts) => texts.length)).toEqual([2, 1, 1]);
    await writeFile(join(place, 'c.md'), 'new one');
    await search(host, 'again');
    expect(embeddings.requests.slice(3)).toEqual([['new one'], ['again']]);
  });

  test('costs tokens, which count against the run', async () => {
    await folder({ 'a.md': 'alpha', 'b.md': 'beta' });
    bench.connections.corpus = corpus({ refreshSeconds: 600, embeddings: 'letters' });
    const host = await hostOf();
    const step = () => bench.runStep({ connection: 'corpus', text: '{{ q }}' }, { q: 'alpha' }, host);
    expect((await step()).usage).toMatchObject({ modelCalls: 0, inputTokens: 2, outputTokens: 0 });
    expect((await step()).usage.inputTokens).toBe(1);
  });

  test('that cannot be had leaves words, and says so', async () => {
    await folder({ 'a.md': 'alpha' });
    bench.connections.corpus = corpus({ embeddings: 'letters' });
    embeddings.status = 500;
    const host = await hostOf();
    const { passages, notes } = await search(host, 'alpha');
    expect([passages.length, notes?.[0]]).toEqual([1, expect.stringContaining('Only words were compared')]);
    bench.connections.corpus = corpus({ embeddings: 'none' });
    expect((await search(host, 'alpha')).notes?.[0]).toContain('no model "none"');
  });
});

/** Questions in other words than the text's where people would use them, each with the heading that answers it. */
const questions: readonly (readonly [string, string])[] = [
  ['How many days do I have to send something back?', 'How long goods can be returned'],
  ['When will I get my refund?', 'When money is paid back'],
  ['Can I return a gift card?', 'What cannot be returned'],
  ['Who pays postage for a return?', 'Who pays the return postage'],
  ['How long does delivery of furniture take?', 'Delivery times'],
  ['Do you ship to Switzerland?', 'Shipping abroad'],
  ['My package never arrived', 'Lost parcels'],
  ['What does express cost?', 'Express service'],
  ['How many years of warranty does a lamp have?', 'Length of the warranty'],
  ['Are scratches covered?', 'Damage that is covered'],
  ['What do I need for a warranty claim?', 'Making a claim'],
  ['Where can I buy a new cable for an old lamp?', 'Spare parts'],
  ['How much holiday do I get?', 'Days of leave'],
  ['How do I request leave?', 'Asking for leave'],
  ['What happens to unused vacation days?', 'Carrying days over'],
  ['When do I need a doctors note?', 'Illness'],
  ['May I fly to a meeting?', 'Trains and flights'],
  ['How expensive may a hotel in London be?', 'Hotels'],
  ['How are travel costs reimbursed?', 'Getting money back'],
  ['How much can I spend on dinner with a customer?', 'Meals with guests'],
  ['How long must a password be?', 'Passwords'],
  ['My notebook was stolen', 'Lost devices'],
  ['I got a phishing email', 'Suspicious mail'],
  ['Where is the spare hardware key?', 'Two factors'],
  ['What happens on my first day?', 'First day'],
  ['How long is the probationary period?', 'Probation'],
  ['Can I park my car at the office?', 'Parking'],
  ['Who signs an order of 12,000 euros?', 'Who may order'],
  ['How fast do we pay suppliers?', 'Payment terms'],
  ['Can support give a voucher to somebody who complains?', 'Angry customers'],
];

test('both rankings give what either finds, and what both find comes first', async () => {
  await folder({
    'a.md': 'Vacation is granted by your manager.',
    'b.md': 'Holiday cottages are rented by the week.',
    'c.md': 'Vacation days and holiday pay stand on the payslip.',
    'd.md': 'Printers stand in the cellar.',
  });
  embeddings.meanings.set('holiday', 'vacation');
  bench.connections.corpus = corpus({ embeddings: 'letters' });
  const host = await hostOf();
  const sources = async (query: string, ranking: string) => (await search(host, query, { ranking, limit: 3 })).passages.map(({ source }) => source);
  expect((await sources('holiday', 'words')).sort()).toEqual(['b.md', 'c.md']);
  expect((await sources('holiday', 'vectors')).slice(0, 3)).toContain('a.md');
  const both = await sources('holiday', 'both');
  expect([...both].sort()).toEqual(['a.md', 'b.md', 'c.md']);
  expect(both.at(-1)).toBe('a.md');
});

test('finds the passage that answers among the first five: the figures of docs/stores.md', async () => {
  const place = join(await bench.directory(), 'texts');
  cpSync(join(import.meta.dirname, '../../../../../examples/handbook/texts'), place, { recursive: true });
  bench.connections.texts = { type: 'files', url: 'file:texts' };
  const host = await hostOf();
  const measure = async (ranking: string) => {
    const places: number[] = [];
    for (const [question, heading] of questions) {
      const { passages } = await search(host, question, { ranking, limit: 5 });
      places.push(1 + passages.findIndex((passage) => passage.heading?.endsWith(heading)));
    }
    const found = places.filter((place) => place > 0);
    const share = (most: number) => found.filter((place) => place <= most).length / questions.length;
    const measured = { first: share(1), five: share(5), reciprocal: found.reduce((sum, place) => sum + 1 / place, 0) / questions.length };
    const missed = questions.flatMap(([question], index) => (places[index] === 0 ? [question] : []));
    process.stderr.write(
      `${ranking}: first ${measured.first.toFixed(2)}, among five ${measured.five.toFixed(2)}, mean reciprocal rank ${measured.reciprocal.toFixed(2)}\n`,
    );
    return { ...measured, missed };
  };
  bench.connections.corpus = corpus({ refreshSeconds: 600, embeddings: 'letters' });
  const [words, vectors, both] = [await measure('words'), await measure('vectors'), await measure('both')];
  expect(words.five).toBeGreaterThanOrEqual(0.8);
  expect(both.five).toBeGreaterThanOrEqual(Math.max(words.five, vectors.five));
  // Neither ranking gets the same: joined, the passage that answers stands higher than in the better of them.
  expect(both.reciprocal).toBeGreaterThan(Math.max(words.reciprocal, vectors.reciprocal));
  // Package for parcel, holiday for leave, fly for flights, dinner for meals: these need a model that knows meanings.
  for (const { missed } of [words, vectors, both])
    expect(missed).toEqual([
      'My package never arrived',
      'How much holiday do I get?',
      'May I fly to a meeting?',
      'How much can I spend on dinner with a customer?',
    ]);
});
