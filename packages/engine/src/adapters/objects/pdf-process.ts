/** The process that reads one PDF. No script of the file is run: only its text is asked for. */
import { getDocumentProxy } from 'unpdf';
import { serveJob } from '../processes/serve-job.ts';
import type { PdfText } from './read-pdf.ts';

const mostPages = 2000;
const mostCharacters = 2_000_000;

async function read(bytes: Uint8Array): Promise<PdfText> {
  const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
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

serveJob((bytes) => read(bytes).catch((error: unknown) => ({ error: error instanceof Error ? error.message : String(error) })), { mostBytes: 500_000_000 });
