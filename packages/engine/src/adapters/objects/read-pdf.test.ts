import { constants, deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { pdfOf } from '../../testing/pdf-file.ts';
import { withDeadline } from '../deadline.ts';
import { readPdf } from './read-pdf.ts';

/** A PDF whose one page is `megabytes` of spaces, packed a thousandfold. */
function bomb(megabytes: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(50_000_000, ' '), { finishFlush: constants.Z_FULL_FLUSH });
  const head = Buffer.from([0x78, 0x9c]);
  const packed = Buffer.concat([head, ...Array.from({ length: megabytes / 50 }, () => block), deflateRawSync('')]);
  const parts = [
    '1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n',
    '2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n',
    '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>\nendobj\n',
    `4 0 obj\n<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`,
  ].join('');
  return Buffer.concat([Buffer.from(`%PDF-1.4\n${parts}`), packed, Buffer.from('\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n')]);
}

const read = (bytes: Buffer) =>
  withDeadline({ timeoutMs: 60_000 }, { signal: new AbortController().signal, onDelta: () => {} }, (deadline) =>
    readPdf(bytes, 'The object "a.pdf"', deadline),
  );

test('a file that grows a thousandfold as it is unpacked is refused, and the server keeps its memory', async () => {
  const before = process.memoryUsage.rss();
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss() - before);
  }, 20);
  await expect(read(bomb(3000))).rejects.toMatchObject({
    failure: { code: 'object-unreadable', message: 'The object "a.pdf" cannot be read as a PDF: it takes too much memory.' },
  });
  clearInterval(watch);
  expect(most).toBeLessThan(150_000_000);
  expect(await read(bomb(50))).toMatchObject({ pages: 1 });
}, 60_000);

test('several at once are each read', async () => {
  const all = await Promise.all(['one', 'two', 'three', 'four'].map((text) => read(pdfOf([text]))));
  expect(all.map(({ text }) => text.trim())).toEqual(['one', 'two', 'three', 'four']);
});
