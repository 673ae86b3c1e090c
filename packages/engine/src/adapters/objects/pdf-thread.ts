/** The thread that reads one PDF and then ends. No script of the file is run: only its text is asked for. */
import { parentPort, workerData } from 'node:worker_threads';
import { getDocumentProxy } from 'unpdf';
import type { PdfReply } from './read-pdf.ts';

const mostPages = 2000;
const mostCharacters = 2_000_000;

async function read(): Promise<PdfReply> {
  const pdf = await getDocumentProxy(workerData as Uint8Array, { verbosity: 0 });
  const texts: string[] = [];
  let length = 0;
  for (let number = 1; number <= Math.min(pdf.numPages, mostPages) && length < mostCharacters; number += 1) {
    const text = await textOf(await pdf.getPage(number));
    texts.push(text);
    length += text.length;
  }
  return { text: texts.join('\f').slice(0, mostCharacters), pages: pdf.numPages, isCut: texts.length < pdf.numPages || length > mostCharacters };
}

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof getDocumentProxy>>['getPage']>>;

/** Lines as the file has them. */
async function textOf(page: Page): Promise<string> {
  const { items } = await page.getTextContent();
  return items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
}

read().then(
  (reply) => parentPort?.postMessage(reply),
  (error: unknown) => parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) }),
);
