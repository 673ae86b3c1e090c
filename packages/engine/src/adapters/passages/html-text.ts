/** The text of an HTML page as far as search needs it: headings as `#` lines, blocks as paragraphs, no markup. What it gives is text for an index, and is never shown as HTML. */

const dropped = ['script', 'style', 'noscript', 'template', 'svg', 'nav', 'head'];
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', ndash: '–', mdash: '—', hellip: '…', copy: '©' };

export function isHtml(text: string): boolean {
  return /^\s*(?:<!--[^>]*-->\s*)?<(?:!doctype html|html|head|body|article|main|div|h1|p)\b/i.test(text.slice(0, 1000));
}

export function htmlText(html: string): string {
  let text = html;
  for (const name of dropped) text = without(text, name);
  return text
    .replaceAll(/<!--/g, '<')
    .replaceAll(/<h([1-6])\b[^<>]{0,500}>/gi, (_, depth: string) => `\n\n${'#'.repeat(Number(depth))} `)
    .replaceAll(/<li\b[^<>]{0,500}>/gi, '\n- ')
    .replaceAll(/<br\b[^<>]{0,100}>/gi, '\n')
    .replaceAll(/<\/?(?:p|div|section|article|main|ul|ol|table|tr|blockquote|pre|h[1-6]|header|footer|dl|dt|dd)\b[^<>]{0,500}>/gi, '\n\n')
    .replaceAll(/<[^<>]{0,2000}>/g, ' ')
    .replaceAll(/&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,8});/gi, (whole, name: string) => entity(name) ?? whole)
    .replaceAll(/[ \t\u00a0]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

/** Without the elements of a name and what is in them. By indexOf, so that no page can make it slow. */
function without(text: string, name: string): string {
  const lower = text.toLowerCase();
  let kept = '';
  let from = 0;
  for (;;) {
    const start = nextTag(lower, `<${name}`, from);
    if (start < 0) return kept + text.slice(from);
    const end = lower.indexOf(`</${name}`, start);
    kept += text.slice(from, start);
    if (end < 0) return kept;
    from = end;
  }
}

function nextTag(lower: string, open: string, from: number): number {
  for (let at = lower.indexOf(open, from); at >= 0; at = lower.indexOf(open, at + 1)) if (/[\s>/]/.test(lower[at + open.length] ?? '>')) return at;
  return -1;
}

function entity(name: string): string | undefined {
  if (!name.startsWith('#')) return Object.hasOwn(named, name.toLowerCase()) ? named[name.toLowerCase()] : undefined;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '';
}
