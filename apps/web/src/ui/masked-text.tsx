/** Text in which masked secrets stand out, so that nobody takes a mask for the value. */
import type { ReactNode } from 'react';

/** What the server writes in place of a secret. */
const mask = /(\[secret(?: [\w.-]+)?\]|•{3,}|\*{6,})/;

/** The same text, its masks marked. */
export function MaskedText({ text }: { text: string }): ReactNode {
  if (!mask.test(text)) return text;
  return text.split(mask).map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <span key={index} title="A secret, masked: it is never shown or stored" className="rounded bg-warn-soft px-1 text-warn">
        {part}
      </span>
    ),
  );
}
