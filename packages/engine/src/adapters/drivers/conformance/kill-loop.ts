/** Kills real processes at random moments of a run, with SIGKILL, until the run is done; tells what was made and what was journaled. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEntry } from '../journal.ts';

export interface KillLoopOptions {
  driver: 'sqlite' | 'dbos';
  /** A file or a database. */
  place: string;
  run: string;
  kills: number;
  seed: number;
  /** Read by another process than the one that was killed. */
  journal(run: string): Promise<JournalEntry[]>;
}

export interface KillLoop {
  kills: number;
  /** Calls that were made although a life before had them in its journal. */
  repeated: string[];
  journal: JournalEntry[];
  /** What the last life printed. */
  said: string;
}

const program = join(import.meta.dirname, 'kill-child.ts');
const longestLifeMs = 30_000;

/** Rejects where a life ends otherwise than by being killed or by being done. */
export async function killLoop(options: KillLoopOptions): Promise<KillLoop> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-kill-'));
  const effects = join(folder, 'effects');
  const random = drawn(options.seed);
  const repeated: string[] = [];
  try {
    for (let kills = 0; ; ) {
      const kept = new Set((await options.journal(options.run)).filter(({ completion }) => completion !== undefined).map(({ key }) => key));
      const { pid, said, isKilled } = await live(options, effects, kills < options.kills ? random() * 30 : undefined);
      repeated.push(...effectsOf(effects, pid).filter((key) => kept.has(key)));
      if (isKilled) kills += 1;
      else if (said.includes('done ')) return { kills, repeated, journal: await options.journal(options.run), said };
      else throw new Error(`A life ended by itself and was not done:\n${said}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One life; with `killAfterMs` it is killed that long after it has begun. */
async function live({ driver, place, run }: KillLoopOptions, effects: string, killAfterMs: number | undefined) {
  const child = spawn(process.execPath, [program, driver, place, run, effects], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let isKilled = false;
  const kill = () => {
    isKilled = child.kill('SIGKILL');
  };
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    kill();
  }, longestLifeMs);
  const timers = [late];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (killAfterMs !== undefined && said.includes('begun') && timers.length === 1) timers.push(setTimeout(kill, killAfterMs));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(child, 'close');
  for (const timer of timers) clearTimeout(timer);
  // A child that was done before the signal reached it is a life that ended.
  return { pid: child.pid as number, said, isKilled: isKilled && !isLate && !said.includes('done ') };
}

function effectsOf(file: string, pid: number): string[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return lines.filter((line) => line.startsWith(`${pid} `)).map((line) => line.split(' ')[1] as string);
}

/** mulberry32 in [0, 1). */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
}
