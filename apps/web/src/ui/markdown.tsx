/** Markdown as text with structure. What it may hold is restricted: no raw HTML, no images from elsewhere. */
import { memo, Suspense } from 'react';
import { lazyPart } from './lazy-part.ts';

const MarkdownView = lazyPart(async () => (await import('./markdown-view.tsx')).default);

interface MarkdownProps {
  text: string;
}

/** Shows the text as it is until the reader is loaded. */
export const Markdown = memo(function Markdown({ text }: MarkdownProps) {
  return (
    <Suspense fallback={<div className="text-sm break-words whitespace-pre-wrap">{text}</div>}>
      <MarkdownView text={text} />
    </Suspense>
  );
});
