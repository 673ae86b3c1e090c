/** A question as a query of FTS5: any of its words, none of them read as syntax. */

const mostWords = 40;

/** Words that say nothing of what is asked about; a query of nothing else keeps them. */
const plainWords = new Set(
  'a about all an and any are as at be been but by can could did do does for from had has have how i if in into is it its many me much my no not of on or our should so tell that the their them there these they this to us was we were what when where which who why will with would you your'.split(
    ' ',
  ),
);

/** Empty where the text has no word. */
export function wordQuery(text: string): string {
  const words = [
    ...new Set(
      text
        .slice(0, 4000)
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu) ?? [],
    ),
  ];
  const telling = words.filter((word) => !plainWords.has(word));
  return (telling.length > 0 ? telling : words)
    .slice(0, mostWords)
    .map((word) => `"${word}"`)
    .join(' OR ');
}
