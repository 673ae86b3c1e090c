/** What a connection offers for acceptance, as lines for a terminal: plain text, whatever the server sent. */
import { diffLines, visibleLine, visibleText, type ConnectionOffer, type OfferChange } from '@switchyard/shared';

/** Each tool that is not as it was accepted; `-` is what was accepted, `+` what it says now. */
export function offerText({ changes, same, isFirst }: ConnectionOffer): string {
  const head = isFirst
    ? 'Nothing of it was accepted before.'
    : `${same.length} as accepted${same.length === 0 ? '' : `: ${same.map(visibleLine).join(', ')}`}.`;
  return [head, ...changes.map(changeText)].join('\n');
}

function changeText({ name, state, parts }: OfferChange): string {
  const told = parts.flatMap(({ title, before, now }) => [
    `  ${title}`,
    ...diffLines(before, now).flatMap(({ mark, text }) =>
      visibleText(text)
        .split('\n')
        .map((line) => `    ${mark} ${line}`),
    ),
  ]);
  return [`${visibleLine(name)}: ${state}`, ...told].join('\n');
}
