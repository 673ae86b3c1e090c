/** Keys that stand twice in one object of a JSON text, as after a merge of two edits: JSON.parse keeps the last and says nothing of the others. */

/** An object or a list that the scan is in. */
interface Opened {
  /** Of an object: those seen so far. */
  keys: Set<string> | undefined;
  /** The key or index that the scan is at. */
  at: string | number;
}

const mostTold = 100;

/** Where the first hundred of them stand, as paths of keys and indexes. `text` is JSON. */
export function doubledKeys(text: string): (string | number)[][] {
  const found: (string | number)[][] = [];
  const opened: Opened[] = [];
  for (let index = 0; index < text.length && found.length < mostTold; index += 1) {
    const place = opened.at(-1);
    const character = text[index];
    if (character === '{') opened.push({ keys: new Set(), at: '' });
    else if (character === '[') opened.push({ keys: undefined, at: 0 });
    else if (character === '}' || character === ']') opened.pop();
    else if (character === ',' && typeof place?.at === 'number') place.at += 1;
    else if (character === '"') {
      const end = endOfString(text, index);
      if (place?.keys && isKey(text, end)) {
        place.at = JSON.parse(text.slice(index, end)) as string;
        if (place.keys.has(place.at)) found.push(opened.map(({ at }) => at));
        place.keys.add(place.at);
      }
      index = end - 1;
    }
  }
  return found;
}

/** After the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return index + 1;
}

/** In an object, what a colon follows. */
function isKey(text: string, end: number): boolean {
  let index = end;
  while (/\s/.test(text[index] ?? '')) index += 1;
  return text[index] === ':';
}
