/** What a wrong name was probably meant to be, among the names that there are. */

/** Tables with their columns, by name. */
export type NamedTables = readonly { name: string; columns: readonly { name: string }[] }[];

/** A sentence to add to the failure of a wrong name: `. There is orders`. Empty where nothing helps. */
export function nameHint(kind: 'table' | 'column', wanted: string, tables: NamedTables): string {
  const plain = wanted.split('.').at(-1) as string;
  const names = kind === 'table' ? tables.map(({ name }) => name) : [...new Set(tables.flatMap(({ columns }) => columns.map(({ name }) => name)))];
  const near = nearest(plain, names);
  const places = kind === 'table' ? near : near.map((name) => `${name} (in ${tablesWith(name, tables)})`);
  return places.length > 0 ? `. There is ${places.join(', ')}` : '';
}

function tablesWith(column: string, tables: NamedTables): string {
  const found = tables.filter(({ columns }) => columns.some(({ name }) => name === column)).map(({ name }) => name);
  return found.slice(0, 4).join(', ');
}

/** Up to five names, the most alike first: those that contain one another, then by edit distance. */
function nearest(wanted: string, names: readonly string[]): string[] {
  const plain = wanted.toLowerCase().slice(0, 64);
  const scored = names.map((name) => {
    const other = name.toLowerCase().slice(0, 64);
    return { name, distance: other.includes(plain) || plain.includes(other) ? 1 : editDistance(plain, other) };
  });
  const far = Math.max(2, Math.ceil(plain.length / 2));
  const close = scored
    .filter(({ distance }) => distance <= far)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 5);
  // With nothing alike, a short list of what there is helps more than none.
  return (close.length > 0 ? close : names.length <= 12 ? scored : []).map(({ name }) => name);
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    previous = row;
  }
  return previous[b.length] as number;
}
