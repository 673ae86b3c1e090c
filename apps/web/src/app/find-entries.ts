/** Finding in the command bar: every word must be there; what begins with the words comes first. */

export interface Entry {
  id: string;
  icon: string;
  text: string;
  note?: string;
  /** Further words that it answers to. */
  words?: string;
  keys?: string | undefined;
  isDisabled?: boolean;
  run(): void;
}

interface Group {
  title: string;
  entries: readonly Entry[];
}

/** The best entries of each group; without words, the first few. */
export function findAll(groups: readonly Group[], words: string, most: number): Group[] {
  const asked = words.trim().toLowerCase();
  return groups.map(({ title, entries }) => {
    if (asked === '')
      return { title, entries: entries.filter((entry) => !entry.isDisabled).slice(0, groups.length === 1 ? most : title === 'Actions' ? most : 6) };
    const ranked = entries.map((entry) => ({ entry, rank: rankOf(entry, asked) })).filter(({ rank }) => rank > 0);
    return {
      title,
      entries: ranked
        .sort((one, other) => other.rank - one.rank)
        .slice(0, most)
        .map(({ entry }) => entry),
    };
  });
}

function rankOf(entry: Entry, asked: string): number {
  const text = entry.text.toLowerCase();
  if (text.startsWith(asked)) return 4;
  if (text.includes(asked)) return 3;
  const all = `${text} ${entry.note ?? ''} ${entry.words ?? ''}`.toLowerCase();
  if (all.includes(asked)) return 2;
  return asked.split(/\s+/).every((word) => all.includes(word)) ? 1 : 0;
}
