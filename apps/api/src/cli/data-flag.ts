/** The flag that names the data folder, for commands that need one that is there. */
import { existsSync } from 'node:fs';
import { CommandRefused } from './command.ts';

/** Throws a refusal where it is not given, or names nothing. */
export function dataFolderOf(flag: string | undefined): string {
  if (flag === undefined) throw new CommandRefused('The data folder is missing: give it with --data.', { isUsage: true });
  if (!existsSync(flag)) throw new CommandRefused(`There is no data folder ${flag}.`);
  return flag;
}
