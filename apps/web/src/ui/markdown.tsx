/** Markdown as text with structure. What it may hold is restricted: no raw HTML, no images from elsewhere. */
import { lazy, memo, Suspense } from 'react';

const MarkdownView = lazy(() => import('./markdown-view.tsx'));

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
