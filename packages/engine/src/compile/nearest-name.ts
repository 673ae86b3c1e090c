/** The known name that a mistyped one most likely meant. */

/** The closest of `known`, where one is close: about one slip in three letters, whatever the case. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = slips(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Up to 12 names in quotes, and how many more there are. */
export function quotedList(names: Iterable<string>): string {
  const all = [...names];
  if (all.length === 0) return 'none';
  const told = all
    .slice(0, 12)
    .map((name) => `"${name}"`)
    .join(', ');
  return all.length > 12 ? `${told} and ${all.length - 12} more` : told;
}

/** Letters to add, drop or change (Levenshtein); names are short. */
function slips(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const change = (previous[column - 1] as number) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[column] as number) + 1, (current[column - 1] as number) + 1));
    }
    previous = current;
  }
  return previous[to.length] as number;
}
