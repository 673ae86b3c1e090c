/** Text in which masked secrets stand out, so that nobody takes a mask for the value. */
import type { ReactNode } from 'react';

/** What the server writes in place of a secret. */
const mask = /(\[secret(?: [\w.-]+)?\]|•{3,}|\*{6,})/;

/** The same text, its masks marked. */
export function MaskedText({ text }: { text: string }): ReactNode {
  if (!mask.test(text)) return text;
  return text.split(mask).map(toPart);
}

/** Texts and masks take turns; their place tells them apart. */
function toPart(part: string, place: number): ReactNode {
  if (place % 2 === 0) return part;
  return (
    <span key={place} title="A secret, masked: it is never shown or stored" className="rounded bg-warn-soft px-1 text-warn">
      {part}
    </span>
  );
}
