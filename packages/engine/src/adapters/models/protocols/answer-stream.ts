/** Passes on the text of an answer while the JSON turn around it streams in, so that nobody has to read braces. Calls are not passed on; a plain text is. */

const longestHead = 400;
const begun = /^\s*(?:```\w*\s*)?\{\s*"answer"\s*:\s*"/;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/** What takes the pieces of a turn and tells `emit` the text of its answer. */
export function createAnswerStream(emit: (text: string) => void): (piece: string) => void {
  let state: 'head' | 'plain' | 'answer' | 'over' = 'head';
  let head = '';
  let held = '';
  const takeAnswer = (piece: string) => {
    const text = held + piece;
    let plain = '';
    let at = 0;
    while (at < text.length) {
      const character = text[at] as string;
      if (character === '"') {
        state = 'over';
        break;
      }
      const length = character === '\\' ? (text[at + 1] === 'u' ? 6 : 2) : 1;
      if (at + length > text.length) break;
      plain += length === 1 ? character : unescaped(text.slice(at, at + length));
      at += length;
    }
    // An escape that is cut waits for its rest.
    held = state === 'over' ? '' : text.slice(at);
    if (plain !== '') emit(plain);
  };
  return (piece) => {
    if (state === 'plain') emit(piece);
    else if (state === 'answer') takeAnswer(piece);
    else if (state === 'head') {
      head += piece;
      const found = begun.exec(head);
      if (found) {
        state = 'answer';
        takeAnswer(head.slice(found[0].length));
      } else if (/^\s*[^\s{`]/.test(head)) {
        state = 'plain';
        emit(head);
      } else if (head.length > longestHead) state = 'over';
    }
  };
}

function unescaped(sequence: string): string {
  const letter = sequence[1] as string;
  if (letter === 'u') return String.fromCharCode(Number.parseInt(sequence.slice(2), 16));
  return escapes[letter] ?? letter;
}
