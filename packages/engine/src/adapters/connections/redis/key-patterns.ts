/** Which patterns the names of keys follow: `session:17` and `session:9` are `session:*`. */

/** More different parts than this in one place are told as a star. */
const mostNamed = 8;
const longestPart = 40;
/** What stands behind so many parts is one. */
const mostParts = 8;

interface Entry {
  key: string;
  parts: string[];
}

/** The keys by the pattern that they follow, as a scan takes it. All of them begin with `prefix`, which stands in every pattern as it is. */
export function keyPatterns(keys: readonly string[], prefix: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  group(
    keys.map((key) => ({ key, parts: partsOf(key.slice(prefix.length)) })),
    literal(prefix),
    found,
  );
  return found;
}

/** As a pattern that matches this text alone. */
export function literal(text: string): string {
  return text.replaceAll(/[*?[\]\\]/g, '\\$&');
}

/** Each with the sign that ends it. */
function partsOf(name: string): string[] {
  const parts = name.match(/[^:/|]*[:/|]|[^:/|]+/g) ?? [];
  return parts.length <= mostParts ? parts : [...parts.slice(0, mostParts - 1), parts.slice(mostParts - 1).join('')];
}

function group(entries: readonly Entry[], head: string, found: Map<string, string[]>): void {
  const ended = entries.filter(({ parts }) => parts.length === 0);
  if (ended.length > 0) found.set(head, [...(found.get(head) ?? []), ...ended.map(({ key }) => key)]);
  const going = entries.filter(({ parts }) => parts.length > 0);
  const names = namesOf(going.map(({ parts: [part = ''] }) => part));
  for (const [name, members] of Map.groupBy(going, ({ parts: [part = ''] }) => names.get(part) ?? '*'))
    group(
      members.map(({ key, parts }) => ({ key, parts: parts.slice(1) })),
      head + name,
      found,
    );
}

/** What each of the parts in one place is told as. */
function namesOf(parts: readonly string[]): Map<string, string> {
  const different = [...new Set(parts)];
  const isCrowded = different.filter((part) => !varies(part)).length > mostNamed;
  const leads = Map.groupBy(different, leadOf);
  return new Map(
    different.map((part) => {
      const lead = leadOf(part);
      // What only one part begins with may be half of a secret, which nothing would mask.
      const isShared = lead !== '' && (leads.get(lead)?.length ?? 0) > 1;
      if (varies(part)) return [part, `${isShared ? lead : ''}*${signOf(part)}`];
      return [part, isCrowded ? `*${signOf(part)}` : part];
    }),
  );
}

/** A number, an id or a text stands there, and no name; or what a pattern would have to write otherwise than it is. */
function varies(part: string): boolean {
  return part.length > longestPart || /[*?[\]\\]/.test(part) || (/\d/.test(part) && !/^v\d{1,2}[:/|]?$/i.test(part));
}

/** Of `user-42` the beginning, which may be a name. */
function leadOf(part: string): string {
  return /^([A-Za-z]{1,20}[._-])\d+[:/|]?$/.exec(part)?.[1] ?? '';
}

function signOf(part: string): string {
  return /[:/|]$/.test(part) ? part.slice(-1) : '';
}
