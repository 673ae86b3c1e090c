/** A list that stays small on the page however long it is: it scrolls, and where it is long its items are found by words. */
import { useState, type ReactNode } from 'react';
import { Input } from '../ui/input.tsx';

interface FindableListProps<Item> {
  /** One line above the list. */
  head: string;
  /** What the items are, as one says it of several. */
  label: string;
  items: readonly Item[];
  /** What an item is found by. */
  textOf(item: Item): string;
  keyOf(item: Item): string;
  draw(item: Item): ReactNode;
}

/** Lists of up to so many are seen at a glance. */
const fewItems = 10;

export function FindableList<Item>({ head, label, items, textOf, keyOf, draw }: FindableListProps<Item>) {
  const [words, setWords] = useState('');
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = items.filter((item) => wanted.every((word) => textOf(item).toLowerCase().includes(word)));
  return (
    <div>
      <p className="flex h-7 items-center text-xs text-dim">{head}</p>
      {items.length > fewItems && (
        <Input
          aria-label={`Find among the ${label}`}
          placeholder="Find…"
          className="mb-1 text-xs"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      <ul className="max-h-80 divide-y divide-line overflow-auto rounded-md border border-line">
        {shown.map((item) => (
          <li key={keyOf(item)}>{draw(item)}</li>
        ))}
        {shown.length === 0 && <li className="px-2 py-1 text-xs text-dim">None of that name.</li>}
      </ul>
    </div>
  );
}
