/** Rows of delimited text: its first line names the columns. */
import { FailureError, failure, type Json, type JsonObject } from '@switchyard/shared';

const mostRows = 1000;

/** `{ columns, rows }`, at most 1,000 of them; numbers where a whole cell is one. */
export async function readRows(text: string, { isCut, what, isTabbed }: { isCut: boolean; what: string; isTabbed: boolean }): Promise<JsonObject> {
  const { parse } = await import('csv-parse/sync');
  const [first = ''] = text.split('\n', 1);
  const delimiter = isTabbed ? '\t' : ([',', ';', '\t'].toSorted((one, other) => first.split(other).length - first.split(one).length)[0] as string);
  let lines: string[][];
  try {
    // One row more than is given tells that there are more; the last line of a text that was cut may be half of one.
    lines = parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      to: mostRows + 2,
      max_record_size: 200_000,
    });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new FailureError(failure('object-unreadable', `${what} is no table of rows: ${said}. Read it as text.`));
  }
  const [head = [], ...rest] = lines;
  const columns = named(head);
  const rows = rest.slice(0, mostRows).map((cells) => Object.fromEntries(columns.map((column, index): [string, Json] => [column, cellValue(cells[index])])));
  return { columns, rows, ...((isCut || rest.length > mostRows) && { truncated: true }) };
}

/** Empty and repeated names get a number, so that no cell is lost. */
function named(head: readonly string[]): string[] {
  const used = new Set<string>();
  return head.map((text, index) => {
    const wanted = text.trim() || `column_${index + 1}`;
    let name = wanted;
    for (let count = 2; used.has(name); count += 1) name = `${wanted}_${count}`;
    used.add(name);
    return name;
  });
}

/** Leading zeros and long digits are identifiers, not numbers. */
function cellValue(cell: string | undefined): Json {
  if (cell === undefined || cell === '') return null;
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(cell) ? Number(cell) : cell;
}
