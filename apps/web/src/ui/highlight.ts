/** Splits source text into coloured pieces. Loaded only when code is shown. */
import { javascriptLanguage } from '@codemirror/lang-javascript';
import { jsonLanguage } from '@codemirror/lang-json';
import { StandardSQL } from '@codemirror/lang-sql';
import { highlightCode, tagHighlighter, tags } from '@lezer/highlight';

export type Language = 'javascript' | 'json' | 'sql';

export interface Piece {
  text: string;
  /** Class names of theme colours. */
  style: string;
}

const parsers = { javascript: javascriptLanguage.parser, json: jsonLanguage.parser, sql: StandardSQL.language.parser };

/** Theme colours for the parts of source text, for reading and for writing alike. */
export const codeHighlighter = tagHighlighter([
  { tag: tags.propertyName, class: 'text-control' },
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.modifier], class: 'text-control font-medium' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], class: 'text-data' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: 'text-run' },
  { tag: tags.typeName, class: 'text-run' },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], class: 'text-faint italic' },
  { tag: [tags.punctuation, tags.separator, tags.bracket], class: 'text-dim' },
]);

/** The text in order, as pieces that together give it back. */
export function highlightPieces(text: string, language: Language): Piece[] {
  const pieces: Piece[] = [];
  highlightCode(
    text,
    parsers[language].parse(text),
    codeHighlighter,
    (part, style) => pieces.push({ text: part, style }),
    () => pieces.push({ text: '\n', style: '' }),
  );
  return pieces;
}
