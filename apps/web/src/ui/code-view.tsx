/** Source text to read: coloured once the colours are loaded, the same text before. */
import { memo, useEffect, useState } from 'react';
import { classNames } from './class-names.ts';
import type { Language, Piece } from './highlight.ts';
import { MaskedText } from './masked-text.tsx';

/** Above this many characters text is shown plain: colouring it would hold up the window. */
const mostColoured = 60_000;

interface CodeViewProps {
  text: string;
  /** Plain text where not given. */
  language?: Language;
  className?: string;
  /** Written by or for people: read in the interface's own face. */
  isProse?: boolean;
  /** Names the block for screen readers, as it can be scrolled by keyboard. */
  label: string;
}

/** Long lines wrap; long texts scroll. */
export const CodeView = memo(function CodeView({ text, language, className, isProse, label }: CodeViewProps) {
  const pieces = usePieces(text, language);
  return (
    <pre
      tabIndex={0}
      aria-label={label}
      role="group"
      className={classNames(
        'overflow-auto rounded-md border border-line bg-panel2 px-3 py-2 break-words whitespace-pre-wrap',
        isProse ? 'font-sans text-sm' : 'font-mono text-xs leading-5',
        className,
      )}
    >
      {pieces ? pieces.map(toPiece) : <MaskedText text={text} />}
    </pre>
  );
});

/** Pieces of a text are never moved: their place tells them apart. */
function toPiece(piece: Piece, place: number) {
  return (
    <span key={place} {...(piece.style && { className: piece.style })}>
      <MaskedText text={piece.text} />
    </span>
  );
}

function usePieces(text: string, language: Language | undefined): Piece[] | undefined {
  const [coloured, setColoured] = useState<{ text: string; pieces: Piece[] }>();
  useEffect(() => {
    if (!language || text.length > mostColoured) return;
    let isWanted = true;
    // Where it cannot be loaded the text stays without colours.
    void import('./highlight.ts').then(
      ({ highlightPieces }) => isWanted && setColoured({ text, pieces: highlightPieces(text, language) }),
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [text, language]);
  return coloured?.text === text ? coloured.pieces : undefined;
}
