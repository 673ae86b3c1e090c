/**
 * The authorizers of connections that run foreign SQL. One allows reading, and nothing else: a read-only file is not enough, since ATTACH opens other
 * files, VACUUM INTO and temporary tables write, and some functions reach the file system or load code. The other also lets rows be changed, but
 * neither tables nor what SQLite keeps for itself. Both can be kept to some tables.
 */
import { constants, type DatabaseSync } from 'node:sqlite';

const functions: ReadonlySet<string> = new Set(
  `
  -> ->> abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling changes char coalesce concat concat_ws cos cosh count cume_dist
  current_date current_time current_timestamp date datetime degrees dense_rank exp first_value floor format
  geopoly_area geopoly_bbox geopoly_blob geopoly_ccw geopoly_contains_point geopoly_group_bbox geopoly_json geopoly_overlap geopoly_regular
  geopoly_svg geopoly_within geopoly_xform glob group_concat hex highlight if ifnull iif instr
  json json_array json_array_insert json_array_length json_error_position json_extract json_group_array json_group_object json_insert json_object
  json_patch json_pretty json_quote json_remove json_replace json_set json_type json_valid
  jsonb jsonb_array jsonb_array_insert jsonb_extract jsonb_group_array jsonb_group_object jsonb_insert jsonb_object jsonb_patch jsonb_remove
  jsonb_replace jsonb_set julianday lag last_insert_rowid last_value lead length like likelihood likely ln log log10 log2 lower ltrim match
  matchinfo max median min mod nth_value ntile nullif octet_length offsets percent_rank percentile percentile_cont percentile_disc pi pow power
  printf quote radians random randomblob rank replace round row_number rtrim sign sin sinh snippet sqlite_version sqrt strftime string_agg substr
  substring subtype sum tan tanh time timediff total total_changes trim trunc typeof unhex unicode unistr unistr_quote unixepoch unlikely upper zeroblob
`
    .split(/\s+/)
    .filter(Boolean),
);

/** Virtual tables that show the file's raw pages, or the inside of the engine. */
const refusedTables: ReadonlySet<string> = new Set([
  'sqlite_dbpage',
  'dbstat',
  'bytecode',
  'tables_used',
  'sqlite_stmt',
  'fts3tokenize',
  'sqlite_memstat',
  'fsdir',
  'csv',
  'zipfile',
]);

/** FTS5 asks for it to notice changes made by others. */
const allowedPragmas: ReadonlySet<string> = new Set(['data_version']);

const actions: Readonly<Record<number, string>> = {
  [constants.SQLITE_ATTACH]: 'ATTACH',
  [constants.SQLITE_DETACH]: 'DETACH',
  [constants.SQLITE_PRAGMA]: 'PRAGMA',
  [constants.SQLITE_TRANSACTION]: 'a transaction',
  [constants.SQLITE_SAVEPOINT]: 'SAVEPOINT',
  [constants.SQLITE_INSERT]: 'INSERT',
  [constants.SQLITE_UPDATE]: 'UPDATE',
  [constants.SQLITE_DELETE]: 'DELETE',
  [constants.SQLITE_ALTER_TABLE]: 'ALTER TABLE',
  [constants.SQLITE_REINDEX]: 'REINDEX',
  [constants.SQLITE_ANALYZE]: 'ANALYZE',
  [constants.SQLITE_FUNCTION]: 'the function',
  [constants.SQLITE_READ]: 'reading',
  [constants.SQLITE_CREATE_VTABLE]: 'CREATE VIRTUAL TABLE',
};

export interface UsableNames {
  /** Tables that may be read, and changed where the access allows it. */
  tables: ReadonlySet<string>;
  /** Every name that a table of any sort has. Only a WITH has another one. */
  taken: ReadonlySet<string>;
}

export interface QueryGuard {
  /** What was refused since last asked, in words; undefined where nothing was. */
  takeRefusal(): string | undefined;
  access: 'read' | 'write';
  /** Which tables statements may use from now on, by their names in lower case; undefined: all. */
  keepTo(names: UsableNames | undefined): void;
  /** The table outside these that was asked for since last asked; undefined where none was. */
  takeOutside(): string | undefined;
  /** A statement that was prepared changes rows. */
  hasChange(): boolean;
}

export function guardQueries(database: DatabaseSync, access: 'read' | 'write'): QueryGuard {
  let refusal: string | undefined;
  let hasChange = false;
  let within: UsableNames | undefined;
  let outside: string | undefined;
  database.setAuthorizer((action, first, second, schema) => {
    // Also what is reached by a view is judged by its own name: which view it is that reaches it cannot be told, since a WITH may take a view's name.
    if (
      within &&
      tableActions.has(action) &&
      !isUsable(within, (first ?? '').toLowerCase(), action === constants.SQLITE_READ && second === '' && schema === null)
    ) {
      outside ??= first ?? '';
      return constants.SQLITE_DENY;
    }
    if (isAllowed(action, first, second)) return constants.SQLITE_OK;
    if (access === 'write' && changes.has(action) && !isInternal(first)) {
      hasChange = true;
      return constants.SQLITE_OK;
    }
    refusal ??= describe(action, first, second);
    return constants.SQLITE_DENY;
  });
  return {
    takeRefusal() {
      const taken = refusal;
      refusal = undefined;
      return taken;
    },
    keepTo(names) {
      within = names;
    },
    takeOutside() {
      const taken = outside;
      outside = undefined;
      return taken;
    },
    access,
    hasChange: () => hasChange,
  };
}

/** A name of WITH is told only where no column of it is read, and without a schema. */
function isUsable({ tables, taken }: UsableNames, name: string, mayBeWith: boolean): boolean {
  return tables.has(name) || (mayBeWith && !taken.has(name) && !/^(?:sqlite|pragma)_/.test(name));
}

const changes: ReadonlySet<number> = new Set([constants.SQLITE_INSERT, constants.SQLITE_UPDATE, constants.SQLITE_DELETE]);
/** Actions whose first name is a table. */
const tableActions: ReadonlySet<number> = new Set([constants.SQLITE_READ, ...changes]);

/** The schema, and what SQLite keeps beside it. */
function isInternal(table: string | null): boolean {
  const name = (table ?? '').toLowerCase();
  return name.startsWith('sqlite_') || refusedTables.has(name);
}

function isAllowed(action: number, first: string | null, second: string | null): boolean {
  switch (action) {
    case constants.SQLITE_SELECT:
    case constants.SQLITE_RECURSIVE:
      return true;
    case constants.SQLITE_READ:
      return !refusedTables.has((first ?? '').toLowerCase());
    case constants.SQLITE_FUNCTION:
      return functions.has((second ?? '').toLowerCase());
    case constants.SQLITE_PRAGMA:
      return allowedPragmas.has((first ?? '').toLowerCase());
    default:
      return false;
  }
}

function describe(action: number, first: string | null, second: string | null): string {
  const name = action === constants.SQLITE_FUNCTION ? second : first;
  const known = actions[action];
  if (known) return name ? `${known} ${name}` : known;
  return name ? `a change of ${name}` : 'a change';
}
