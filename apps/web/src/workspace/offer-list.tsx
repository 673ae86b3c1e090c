/** The operations of an API or the tools of a server: what each says of itself, whether it may write, and which are not accepted. */
import { Badge } from '../ui/badge.tsx';
import { classNames } from '../ui/class-names.ts';
import { counted } from '../ui/figures.ts';
import { FindableList } from './findable-list.tsx';
import type { Offer } from './offers.ts';

/** In the order of the catalogue. */
export function OfferList({ offers }: { offers: readonly Offer[] }) {
  const refused = offers.flatMap((offer) => offer.refused ?? []);
  const head = [counted(offers.length - refused.length, 'operation'), refused[0] ? `${refused.length} ${refused[0].word}` : ''].filter(Boolean).join(' · ');
  return (
    <FindableList
      head={head}
      label="operations"
      items={offers}
      textOf={({ name, description }) => `${name} ${description}`}
      keyOf={({ name, refused: why }) => `${name} ${why === undefined}`}
      draw={(offer) => <OfferRow offer={offer} />}
    />
  );
}

function OfferRow({ offer: { name, description, mayWrite, refused } }: { offer: Offer }) {
  const about = refused?.why ?? description;
  return (
    <div className="px-2 py-1 text-xs">
      <p className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-mono" title={name}>
          {name}
        </span>
        {refused === undefined ? (
          <Badge tone={mayWrite ? 'warning' : 'data'}>{mayWrite ? 'writes' : 'reads'}</Badge>
        ) : (
          <Badge tone="warning">{refused.word}</Badge>
        )}
      </p>
      {about !== '' && (
        <p className={classNames('break-words text-dim', refused === undefined && 'line-clamp-2')} title={about}>
          {about}
        </p>
      )}
    </div>
  );
}
