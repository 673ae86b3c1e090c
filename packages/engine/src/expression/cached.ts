/** Remembers what was parsed, the least recently used going first, so that a run or a keystroke parses each text once. */

const mostEntries = 1_000;
const mostCharacters = 4_000;

/** `parse`, remembering up to 1,000 results. Long texts are not kept, nor are failures. */
export function cached<T>(parse: (text: string) => T): (text: string) => T {
  const entries = new Map<string, T>();
  return (text) => {
    const known = entries.get(text);
    if (known !== undefined) {
      entries.delete(text);
      entries.set(text, known);
      return known;
    }
    const parsed = parse(text);
    if (text.length > mostCharacters) return parsed;
    if (entries.size >= mostEntries) entries.delete(entries.keys().next().value as string);
    entries.set(text, parsed);
    return parsed;
  };
}
