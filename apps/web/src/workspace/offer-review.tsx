/** What a connection offers, to be read and accepted: the old text and the new one of each tool, as plain text. Nothing is accepted but by the button below it. */
import { diffLines, visibleLine, visibleText, type ConnectionOffer, type DiffLine, type OfferChange, type OfferPart } from '@switchyard/shared';
import { useState } from 'react';
import { messageOf } from '../api/api-error.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { counted } from '../ui/figures.ts';
import { acceptConnection } from './use-workspace.ts';

/** What is told once it is accepted. */
export const acceptedOutcome = { ok: true, message: 'Accepted as it was shown.' };

interface OfferReviewProps {
  /** The connection's name. */
  name: string;
  offer: ConnectionOffer;
  onAccepted: () => void;
}

/** Where the server says something else by the time it is accepted, that is shown in place of what was shown. */
export function OfferReview({ name, offer: shownFirst, onAccepted }: OfferReviewProps) {
  const [shown, setShown] = useState({ offer: shownFirst, isAnew: false });
  const [state, setState] = useState<{ isPending: boolean; error?: string }>({ isPending: false });
  const { offer, isAnew } = shown;
  const accept = async () => {
    setState({ isPending: true });
    try {
      const acceptance = await acceptConnection(name, offer.hash);
      setState({ isPending: false });
      if (acceptance.accepted) onAccepted();
      else setShown({ offer: acceptance.offer, isAnew: true });
    } catch (error) {
      setState({ isPending: false, error: messageOf(error) });
    }
  };
  return (
    <section ref={showWhole} aria-label={`To accept of ${name}`} className="mt-2 rounded-md border border-line2 text-xs">
      <header className="space-y-1 border-b border-line px-3 py-2">
        <h3 className="font-semibold">{headOf(offer)}</h3>
        <p className="text-dim">Models are told these texts. Read them: none is used before you accept it.</p>
        {isAnew && (
          <p role="alert" className="text-warn">
            The server says something else than was shown before, so nothing was accepted. This is what it says now.
          </p>
        )}
      </header>
      {/* It scrolls, so keys must reach it. */}
      <ul aria-label="Changes" tabIndex={0} className="max-h-[26rem] divide-y divide-line overflow-auto">
        {offer.changes.map((change) => (
          <ChangeRow key={change.name} change={change} />
        ))}
      </ul>
      <footer className="flex items-center justify-end gap-2 border-t border-line px-3 py-2">
        <span role="alert" className="min-w-0 flex-1 break-words text-bad">
          {state.error}
        </span>
        <Button size="small" variant="primary" disabled={state.isPending} onClick={() => void accept()}>
          Accept
        </Button>
      </footer>
    </section>
  );
}

/** Below a long form it would not be seen. */
function showWhole(section: HTMLElement | null): void {
  section?.scrollIntoView({ block: 'nearest' });
}

function headOf({ isFirst, changes, same }: ConnectionOffer): string {
  if (isFirst) return `${counted(changes.length, 'tool')} to accept`;
  return `${counted(changes.length, 'tool')} not as accepted${same.length > 0 ? `, ${same.length} unchanged` : ''}`;
}

const tones: Record<OfferChange['state'], Tone> = { new: 'warning', changed: 'warning', gone: 'neutral' };

function ChangeRow({ change: { name, state, parts } }: { change: OfferChange }) {
  return (
    <li className="space-y-2 px-3 py-2">
      <p className="flex items-center gap-2">
        <code className="min-w-0 flex-1 font-mono font-semibold break-all">{visibleLine(name)}</code>
        <Badge tone={tones[state]}>{state}</Badge>
      </p>
      <dl className="space-y-2">
        {parts.map((part) => (
          <Part key={part.title} part={part} isChange={state === 'changed'} />
        ))}
      </dl>
    </li>
  );
}

/** What is only there once has no marks: it is all new, or all gone. */
function Part({ part: { title, before, now }, isChange }: { part: OfferPart; isChange: boolean }) {
  return (
    <div>
      <dt className="mb-1 text-dim">{title}</dt>
      <dd className="overflow-hidden rounded border border-line bg-panel2 py-1 font-mono leading-4">
        {diffLines(before, now).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place alone.
          <Line key={index} line={isChange ? line : { ...line, mark: ' ' }} hasMark={isChange} />
        ))}
      </dd>
    </div>
  );
}

const lineLooks = { ' ': '', '-': 'bg-bad-soft text-bad', '+': 'bg-ok-soft text-ok' };
const lineWords = { ' ': '', '-': 'was: ', '+': 'is now: ' };

function Line({ line: { mark, text }, hasMark }: { line: DiffLine; hasMark: boolean }) {
  return (
    <div className={`flex gap-2 px-2 ${lineLooks[mark]}`}>
      {hasMark && (
        <span aria-hidden className="w-2 shrink-0 select-none">
          {mark}
        </span>
      )}
      <span className="min-w-0 flex-1 break-words whitespace-pre-wrap">
        <span className="sr-only">{lineWords[mark]}</span>
        {visibleText(text)}
      </span>
    </div>
  );
}
