/** The flags by which a process joins the distributed engine. */
import type { Workspace } from '@switchyard/shared';
import { CommandRefused } from './command.ts';

/** Where the processes of the distributed engine meet, and which pools others serve. */
export interface DistributedOptions {
  databaseUrl: string;
  remotePools: readonly string[];
}

/** The names between commas; throws a refusal where one is no pool. */
export function poolsOf(text: string, flag: string): string[] {
  const pools = text
    .split(',')
    .map((pool) => pool.trim())
    .filter((pool) => pool !== '');
  const wrong = pools.find((pool) => !/^((model|db|http):.+|sandbox)$/.test(pool));
  if (wrong !== undefined)
    throw new CommandRefused(`"${wrong}" is no pool for ${flag}: pools are model:NAME, db:CONNECTION, http:CONNECTION and sandbox.`, { isUsage: true });
  if (pools.length === 0) throw new CommandRefused(`${flag} names no pool.`, { isUsage: true });
  return [...new Set(pools)];
}

/** What is wrong with pools that no model or connection of the workspace stands behind: nobody calls a mistyped one, and nobody serves the one that was meant. */
export function unknownPoolsText(pools: readonly string[], { models, connections }: Workspace): string | undefined {
  const unknown = pools.filter((pool) => {
    const [sort, name] = [pool.slice(0, pool.indexOf(':')), pool.slice(pool.indexOf(':') + 1)];
    return pool !== 'sandbox' && !Object.hasOwn(sort === 'model' ? models : connections, name);
  });
  if (unknown.length === 0) return undefined;
  const named = (entries: object) => Object.keys(entries).join(', ') || 'none';
  return `The workspace has nothing for ${unknown.join(', ')}. Its models: ${named(models)}; its connections: ${named(connections)}.`;
}

/** The address given by flag or environment; throws a refusal where there is none, or where it is none of PostgreSQL. */
export function databaseUrlOf(flag: string | undefined, environment: string | undefined): string {
  const url = flag ?? environment;
  if (url === undefined || url === '')
    throw new CommandRefused('The address of the PostgreSQL database is missing: give it by --database-url or in SWITCHYARD_DATABASE_URL.', { isUsage: true });
  if (!/^postgres(ql)?:\/\//.test(url)) throw new CommandRefused('The address of the database does not begin with postgresql://.', { isUsage: true });
  return url;
}

/** Seconds as milliseconds; throws a refusal for anything but a number from 0 to 3600. */
export function drainMsOf(text: string | undefined): number {
  const seconds = Number(text ?? 20);
  if (!(seconds >= 0 && seconds <= 3600) || text?.trim() === '')
    throw new CommandRefused(`"${text}" is no number of seconds for --drain-seconds: 0 to 3600 are.`, { isUsage: true });
  return seconds * 1000;
}
