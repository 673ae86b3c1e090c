/** Text of strangers for the eyes of a person: what would not be seen, or would move what is seen, is written out. */

// Control and format characters (bidirectional ones, zero-width ones, tags), those that are drawn as nothing, and what stands for no character.
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;

/** The text with such characters as `\u{202e}`; the ends of lines stay. */
export function visibleText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(unseen, (character) => (character === '\n' ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`));
}

/** The same in one line, for a name. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll('\n', '\\u{a}');
}
