/** What the figures were measured on, and with which versions. */
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';

export interface Machine {
  cpu: string;
  memoryGb: number;
  system: string;
  node: string;
  /** When the measuring began, and how busy the machine was then. */
  at: string;
  loadAverage: number;
  versions: Record<string, string>;
}

export function describeMachine(): Machine {
  return {
    cpu: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    node: process.version,
    at: new Date().toISOString().slice(0, 16).replace('T', ' '),
    loadAverage: Math.round((loadavg()[0] as number) * 10) / 10,
    versions: versions(),
  };
}

function versions(): Record<string, string> {
  const root = join(import.meta.dirname, '../..');
  const { dependencies } = JSON.parse(readFileSync(join(root, 'bench/package.json'), 'utf8')) as { dependencies: Record<string, string> };
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/undici/package.json'), 'utf8')) as { version: string };
  return { ...dependencies, undici: version, 'undici of Node (fetch)': process.versions.undici as string, sqlite: process.versions.sqlite as string };
}
