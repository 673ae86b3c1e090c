/** Rows of delimited text: its first line names the columns. */
import { FailureError, failure, type Json, type JsonObject } from '@switchyard/shared';

const mostRows = 1000;
/** Around a cell and its column's name. */
const quotes = 6;
const mostColumns = 20_000;
/** Of all rows as JSON, where each cell has the name of its column: a row of few characters may have a great many of these. */
const mostCharacters = 5_000_000;

/** `{ columns, rows }`, at most 1,000 of them, and fewer where they are long or have many columns; numbers where a whole cell is one. Throws `object-unreadable`. */
export async function readRows(text: string, { isCut, what, isTabbed }: { isCut: boolean; what: string; isTabbed: boolean }): Promise<JsonObject> {
  const { parse } = await import('csv-parse/sync');
  const [first = ''] = text.split('\n', 1);
  const delimiter = isTabbed ? '\t' : ([',', ';', '\t'].toSorted((one, other) => countOf(other, first) - countOf(one, first))[0] as string);
  const tooMany = () => unreadable(what, `it has more than ${mostColumns} columns`);
  if (countOf(delimiter, first) >= mostColumns) throw tooMany();
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
    throw unreadable(what, said);
  }
  const [head = [], ...rest] = lines;
  // A name in quotes may go over several lines.
  if (head.length > mostColumns) throw tooMany();
  const columns = named(head);
  const rows = rowsOf(columns, rest);
  return { columns, rows, ...((isCut || rest.length > rows.length) && { truncated: true }) };
}

function rowsOf(columns: readonly string[], lines: readonly string[][]): JsonObject[] {
  const named = columns.reduce((sum, column) => sum + column.length + quotes, 0);
  const rows: JsonObject[] = [];
  let left = mostCharacters;
  for (const cells of lines.slice(0, mostRows)) {
    left -= named;
    if (left < 0) break;
    rows.push(Object.fromEntries(columns.map((column, index): [string, Json] => [column, cellValue(cells[index])])));
  }
  return rows;
}

function countOf(sign: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) count += 1;
  return count;
}

function unreadable(what: string, why: string): FailureError {
  return new FailureError(failure('object-unreadable', `${what} is no table of rows: ${why}. Read it as text.`));
}

/** Empty and repeated names get a number, so that no cell is lost. */
function named(head: readonly string[]): string[] {
  const used = new Set<string>();
  // Counted on from where the last of the same name ended: from 2 each time, many equal names would take their number squared.
  const counts = new Map<string, number>();
  return head.map((text, index) => {
    const wanted = text.trim() || `column_${index + 1}`;
    let count = counts.get(wanted) ?? 1;
    let name = count === 1 ? wanted : `${wanted}_${count}`;
    while (used.has(name)) {
      count += 1;
      name = `${wanted}_${count}`;
    }
    counts.set(wanted, count);
    used.add(name);
    return name;
  });
}

/** Leading zeros and long digits are identifiers, not numbers. */
function cellValue(cell: string | undefined): Json {
  if (cell === undefined || cell === '') return null;
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(cell) ? Number(cell) : cell;
}
