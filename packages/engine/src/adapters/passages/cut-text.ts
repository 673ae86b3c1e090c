/**
 * Texts cut into passages: along headings and paragraphs, each small enough to be read by a model, with a piece of the one before where a section goes on.
 *
 * 1. A passage never crosses a heading or a page.
 * 2. What is cut is neither lost nor changed: a passage is a slice of its text, trimmed.
 */

export interface Passage {
  /** Where it begins, `line 12`, or `page 3` and `page 3.2` where the text has pages; unique within its text. */
  place: string;
  /** The headings that it stands under, outermost first, with ` › ` between. */
  heading: string;
  text: string;
}

/** Characters of a passage: what it aims at, and what it never has more than. */
const wanted = 1000;
const longest = 1600;
/** Characters of the passage before that are said again at most. */
const overlap = 200;
const deepestHeading = 6;

interface Block {
  start: number;
  end: number;
}

interface Section {
  heading: string;
  blocks: Block[];
}

/** The passages of a text in order. Pages are told apart by form feeds. */
export function cutText(text: string): Passage[] {
  const pages = text.split('\f');
  if (pages.length === 1)
    return sectionsOf(text)
      .flatMap((section) => passagesOf(text, section).map(({ start, ...passage }) => ({ place: `line ${lineAt(text, start)}`, ...passage })))
      .map(distinct());
  return pages.flatMap((page, index) =>
    sectionsOf(page)
      .flatMap((section) => passagesOf(page, section))
      .map(({ start: _, ...passage }, part) => ({ place: part === 0 ? `page ${index + 1}` : `page ${index + 1}.${part + 1}`, ...passage })),
  );
}

/** The first line that can serve as the title of the text. */
export function titleOf(text: string): string | undefined {
  const line = /^[#\s]*(\S.{0,150})/.exec(text)?.[1];
  return line?.replace(/^#+\s*/, '').trim();
}

/** Two passages that begin in one long line get numbers. */
function distinct(): (passage: Passage) => Passage {
  const used = new Map<string, number>();
  return (passage) => {
    const times = (used.get(passage.place) ?? 0) + 1;
    used.set(passage.place, times);
    return times === 1 ? passage : { ...passage, place: `${passage.place}.${times}` };
  };
}

function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < position; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** Paragraphs under their headings; a heading is a line that begins with `#`, outside of fenced code. */
function sectionsOf(text: string): Section[] {
  const sections: Section[] = [];
  const path: string[] = [];
  let section: Section = { heading: '', blocks: [] };
  let block: Block | undefined;
  let isFenced = false;
  const endBlock = () => {
    if (block) section.blocks.push(block);
    block = undefined;
  };
  for (const { start, end } of linesOf(text)) {
    const line = text.slice(start, end);
    if (/^\s*(```|~~~)/.test(line)) isFenced = !isFenced;
    const heading = isFenced ? null : /^(#{1,6})\s+(\S.*)$/.exec(line.slice(0, 300));
    if (heading) {
      endBlock();
      if (section.blocks.length > 0) sections.push(section);
      const depth = Math.min((heading[1] as string).length, deepestHeading);
      path.length = Math.min(path.length, depth - 1);
      path[depth - 1] = (heading[2] as string).replace(/\s*#+\s*$/, '');
      section = { heading: path.filter(Boolean).join(' › '), blocks: [] };
    } else if (line.trim() === '' && !isFenced) endBlock();
    else block = { start: block?.start ?? start, end };
  }
  endBlock();
  if (section.blocks.length > 0) sections.push(section);
  return sections;
}

function linesOf(text: string): Block[] {
  const lines: Block[] = [];
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    lines.push({ start, end });
    start = end + 1;
  }
  return lines;
}

interface Slice {
  start: number;
  heading: string;
  text: string;
}

function passagesOf(text: string, { heading, blocks }: Section): Slice[] {
  const slices: Slice[] = [];
  let open: Block | undefined;
  const close = () => {
    if (!open) return;
    const said = text.slice(open.start, open.end).trim();
    if (said !== '') slices.push({ start: open.start, heading, text: said });
  };
  for (const piece of blocks.flatMap((block) => piecesOf(text, block))) {
    if (!open) open = { ...piece };
    else if (piece.end - open.start <= wanted) open.end = piece.end;
    else {
      close();
      open = { start: Math.max(overlapStart(text, open), piece.end - longest), end: piece.end };
    }
  }
  close();
  return slices;
}

/** Where the last words of a passage begin that the next one says again: a sentence or a line, if it is short enough. */
function overlapStart(text: string, { start, end }: Block): number {
  const from = Math.max(start, end - overlap);
  const tail = text.slice(from, end);
  const sentence = /(?:[.!?]\s+|\n+)(?=\S)/.exec(tail);
  return sentence ? from + sentence.index + sentence[0].length : end;
}

/** A block that is too long for one passage, cut at the end of sentences, else of words, else anywhere. */
function piecesOf(text: string, block: Block): Block[] {
  const pieces: Block[] = [];
  let { start } = block;
  while (block.end - start > wanted) {
    const window = text.slice(start, start + wanted);
    const sentence = Math.max(window.lastIndexOf('. '), window.lastIndexOf('\n'), window.lastIndexOf('? '), window.lastIndexOf('! '));
    const word = window.lastIndexOf(' ');
    const length = sentence > wanted / 3 ? sentence + 1 : word > wanted / 3 ? word : wanted;
    pieces.push({ start, end: start + length });
    start += length;
  }
  pieces.push({ start, end: block.end });
  return pieces;
}
