/** Keys of JSON text, counted without parsing it: each is worked on several times, and hundreds of thousands hold the loop for seconds. */

/** Of a body, or of a document within one. The largest flow, of 10,000 nodes and 50,000 links, has some 230,000. */
export const mostKeys = 300_000;

/** How many keys the objects of the text have together. */
export function jsonKeys(text: string): number {
  let keys = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === 92) index += 1;
      else if (code === 34) isInString = false;
    } else if (code === 34) isInString = true;
    else if (code === 58) keys += 1;
  }
  return keys;
}
