/** The part of Markdown that is loaded when first needed. */
import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import { isValidElement, type ReactNode } from 'react';
import { CodeView } from './code-view.tsx';
import type { Language } from './highlight.ts';

const languages: ReadonlyMap<string, Language> = new Map([
  ['js', 'javascript'],
  ['javascript', 'javascript'],
  ['json', 'json'],
  ['sql', 'sql'],
]);

/** Images are left out: the page loads nothing from elsewhere. */
const allowed = { ...defaultSchema, tagNames: (defaultSchema.tagNames ?? []).filter((name) => name !== 'img') };

const components: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noreferrer noopener" className="text-run underline">
      {children}
    </a>
  ),
  h1: ({ children }) => <h3 className="mt-4 mb-1 text-base font-semibold first:mt-0">{children}</h3>,
  h2: ({ children }) => <h3 className="mt-4 mb-1 text-sm font-semibold first:mt-0">{children}</h3>,
  h3: ({ children }) => <h4 className="mt-3 mb-1 text-sm font-semibold first:mt-0">{children}</h4>,
  p: ({ children }) => <p className="my-2 whitespace-pre-line first:mt-0 last:mb-0">{children}</p>,
  ul: ({ children }) => <ul className="my-2 list-disc space-y-1 pl-5">{children}</ul>,
  ol: ({ children }) => <ol className="my-2 list-decimal space-y-1 pl-5">{children}</ol>,
  blockquote: ({ children }) => <blockquote className="my-2 border-l-2 border-line2 pl-3 text-dim">{children}</blockquote>,
  code: ({ children }) => <code className="rounded bg-panel2 px-1 font-mono text-xs">{children}</code>,
  pre: ({ children }) => <Fenced {...fencedIn(children)} />,
  table: ({ children }) => <table className="my-2 border-collapse text-xs">{children}</table>,
  th: ({ children }) => <th className="border border-line px-2 py-1 text-left font-semibold">{children}</th>,
  td: ({ children }) => <td className="border border-line px-2 py-1 align-top">{children}</td>,
};

/** The text of a fenced block, and the language that stands at its fence. */
function fencedIn(children: ReactNode): { text: string; language: Language | undefined } {
  if (!isValidElement<{ className?: string; children?: ReactNode }>(children)) return { text: String(children ?? ''), language: undefined };
  const { className = '', children: text } = children.props;
  const word = /language-([\w-]+)/.exec(className)?.[1] ?? '';
  return { text: String(text ?? '').replace(/\n$/, ''), language: languages.get(word) };
}

function Fenced({ text, language }: { text: string; language: Language | undefined }) {
  return <CodeView text={text} label="Code" className="my-2" {...(language && { language })} />;
}

/** The part of a tree that is looked at here. */
interface HtmlNode {
  type: string;
  tagName?: string;
  value?: string;
  properties?: Record<string, unknown>;
  children?: HtmlNode[];
}

/** HTML within the text stands there as it was written: sanitizing would drop it, and an answer that is a page, or names a <tag>, would show as nothing. */
function keepHtmlAsText() {
  return (root: HtmlNode) => {
    root.children = root.children?.map((child) => (child.type === 'raw' ? element('p', [asText(child)]) : child)) ?? [];
    root.children.forEach(turn);
  };
}

function turn(node: HtmlNode): void {
  if (node.children) node.children = node.children.map((child) => (child.type === 'raw' ? asText(child) : child));
  node.children?.forEach(turn);
}

/** Models write a line break within a table's cell as <br>. */
function asText({ value = '' }: HtmlNode): HtmlNode {
  return /^<br\s*\/?>$/i.test(value) ? element('br', []) : { type: 'text', value };
}

function element(tagName: string, children: HtmlNode[]): HtmlNode {
  return { type: 'element', tagName, properties: {}, children };
}

export default function MarkdownView({ text }: { text: string }) {
  return (
    <div className="text-sm break-words">
      <ReactMarkdown rehypePlugins={[keepHtmlAsText, [rehypeSanitize, allowed]]} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
}
