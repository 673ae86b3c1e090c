/** Two texts line by line: what was taken out, what was put in, what stayed. */

export interface DiffLine {
  mark: ' ' | '-' | '+';
  text: string;
}

/** Cells of the table; above them, what differs in the middle is told as all taken out and all put in. */
const mostCells = 1_000_000;

/** Nothing is left out: the lines of `-` and ` ` are the old text, those of `+` and ` ` the new one. An absent text has no lines. */
export function diffLines(before: string | undefined, now: string | undefined): DiffLine[] {
  const [old, fresh] = [before, now].map((text) => text?.split('\n') ?? []) as [string[], string[]];
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < fresh.length - start && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  return [
    ...marked(' ', old.slice(0, start)),
    ...diffMiddle(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)),
    ...marked(' ', old.slice(old.length - end)),
  ];
}

function diffMiddle(old: readonly string[], fresh: readonly string[]): DiffLine[] {
  const width = fresh.length + 1;
  if ((old.length + 1) * width > mostCells) return [...marked('-', old), ...marked('+', fresh)];
  // The length of the longest common part of what follows, by place in both.
  const common = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number) => common[row * width + column] as number;
  for (let row = old.length - 1; row >= 0; row -= 1)
    for (let column = fresh.length - 1; column >= 0; column -= 1)
      common[row * width + column] = old[row] === fresh[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < old.length && column < fresh.length) {
    if (old[row] === fresh[column]) {
      lines.push({ mark: ' ', text: old[row] as string });
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      lines.push({ mark: '-', text: old[row] as string });
      row += 1;
    } else {
      lines.push({ mark: '+', text: fresh[column] as string });
      column += 1;
    }
  }
  return [...lines, ...marked('-', old.slice(row)), ...marked('+', fresh.slice(column))];
}

function marked(mark: DiffLine['mark'], lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ mark, text }));
}
