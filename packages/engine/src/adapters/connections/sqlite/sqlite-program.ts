/** The program of the processes that hold SQLite files. */
import type { DatabaseProgram } from '../../sql/database-process-handle.ts';

export const sqliteProgram: DatabaseProgram = { module: new URL('./database-process.ts', import.meta.url), execArgv: ['--max-old-space-size=128'] };
