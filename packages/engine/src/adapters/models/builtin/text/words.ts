/** Words as the built-in models compare them: split, lower case, lightly stemmed, with a few synonyms of everyday English. */

/** Splits names and sentences alike: `ordered_at`, `orderedAt` and "ordered at" give the same words, in lower case. */
export function wordsOf(text: string): string[] {
  return text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/['’]s\b/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

const irregular: Readonly<Record<string, string>> = {
  people: 'person',
  children: 'child',
  men: 'man',
  women: 'woman',
  feet: 'foot',
  mice: 'mouse',
  bought: 'buy',
  sold: 'sell',
  sent: 'send',
  paid: 'pay',
  spent: 'spend',
  felt: 'feel',
  lent: 'lend',
  written: 'write',
  wrote: 'write',
  seen: 'see',
  came: 'come',
  born: 'birth',
  status: 'status',
};

/** The word without the endings of plural and tense, so that "orders", "ordered" and "order" are equal. */
export function stem(word: string): string {
  const known = Object.hasOwn(irregular, word) ? irregular[word] : undefined;
  if (known !== undefined) return known;
  return withoutFinalE(withoutTense(withoutPlural(word)));
}

function withoutPlural(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(?:[sxz]|ch|sh)es$/.test(word)) return word.slice(0, -2);
  if (word.length > 3 && /[^su]s$/.test(word)) return word.slice(0, -1);
  return word;
}

function withoutTense(word: string): string {
  const bare = /^(.{3,}?)(?:ing|ed)$/.exec(word)?.[1];
  if (bare === undefined || !/[aeiouy]/.test(bare)) return word;
  if (bare.endsWith('i')) return `${bare.slice(0, -1)}y`;
  return /([bdgmnprt])\1$/.test(bare) ? bare.slice(0, -1) : bare;
}

function withoutFinalE(word: string): string {
  return word.length > 3 && word.endsWith('e') ? word.slice(0, -1) : word;
}

/** Words of the same idea. Everyday English only: no word of any one organisation's data. */
const synonymGroups: readonly (readonly string[])[] = [
  ['where', 'location', 'place', 'position', 'whereabouts', 'track', 'locate'],
  ['when', 'date', 'time', 'day'],
  ['feel', 'mood', 'sentiment', 'emotion', 'tone', 'feeling', 'attitude'],
  ['cost', 'price', 'expensive', 'cheap', 'pricey'],
  ['revenue', 'sales', 'turnover', 'income', 'earning', 'takings', 'spend', 'spent'],
  ['total', 'sum', 'amount', 'value', 'worth'],
  ['customer', 'client', 'buyer', 'shopper'],
  ['order', 'purchase', 'buy'],
  ['parcel', 'package', 'shipment', 'delivery'],
  ['item', 'product', 'article', 'goods'],
  ['employee', 'staff', 'worker', 'colleague'],
  ['doctor', 'physician'],
  ['email', 'mail', 'mailbox'],
  ['phone', 'telephone'],
  ['status', 'state', 'condition'],
  ['category', 'kind', 'type', 'sort', 'genre'],
  ['name', 'called', 'title'],
  ['message', 'text', 'comment', 'feedback', 'note'],
  ['reply', 'respond', 'response', 'answer'],
  ['write', 'draft', 'compose', 'formulate'],
  ['classify', 'categorise', 'categorize', 'label', 'judge', 'assess', 'detect'],
  ['language', 'tongue'],
  ['weather', 'forecast', 'temperature'],
  ['find', 'search', 'look', 'lookup'],
  ['quantity', 'pieces', 'units', 'stock'],
  ['since', 'join', 'register', 'signup', 'created'],
  ['birth', 'birthday', 'birthdate'],
  ['country', 'nation'],
  ['city', 'town'],
  ['author', 'writer'],
  ['loan', 'borrow', 'lend'],
  ['appointment', 'visit', 'consultation'],
  ['rating', 'score', 'stars'],
  ['salary', 'wage', 'pay'],
  ['duration', 'length', 'long'],
  ['age', 'old'],
  ['late', 'delay', 'overdue', 'belated'],
  ['arrive', 'expect', 'due', 'eta'],
];

const groupsByStem: ReadonlyMap<string, readonly number[]> = indexGroups();

function indexGroups(): Map<string, number[]> {
  const index = new Map<string, number[]>();
  synonymGroups.forEach((group, number) => {
    for (const word of group) index.set(stem(word), [...(index.get(stem(word)) ?? []), number]);
  });
  return index;
}

/** Do two stems mean the same, as one word or as synonyms? */
export function isSameWord(first: string, second: string): boolean {
  return first === second || isSynonym(first, second);
}

/** Are two different stems of one idea? */
export function isSynonym(first: string, second: string): boolean {
  if (first === second) return false;
  const groups = groupsByStem.get(first);
  return groups?.some((group) => groupsByStem.get(second)?.includes(group)) ?? false;
}

/** Is the stem a word of everyday English that has synonyms here? Then it is hardly a name. */
export function hasSynonyms(word: string): boolean {
  return groupsByStem.has(word);
}

/** `Order lines` of `order_lines`. */
export function humanName(name: string): string {
  return wordsOf(name).join(' ');
}

/** What one row of a table is called, by the table's name. */
export function rowNoun(name: string): string {
  return singular(humanName(name));
}

/** What several rows of a table are called. */
export function rowNouns(name: string): string {
  return plural(rowNoun(name));
}

/** "categories" of "category"; only the last word changes. */
export function plural(phrase: string): string {
  if (/[^aeiou]y$/.test(phrase)) return `${phrase.slice(0, -1)}ies`;
  return /(?:[sxz]|ch|sh)$/.test(phrase) ? `${phrase}es` : `${phrase}s`;
}

/** "order" of "orders"; only the last word changes. */
export function singular(phrase: string): string {
  const words = phrase.split(' ');
  const last = words.pop() ?? '';
  const known = Object.hasOwn(irregular, last) ? irregular[last] : undefined;
  return [...words, known ?? withoutPlural(last)].join(' ');
}
