/** The no-op graphs: each contestant's in a process of its own, by shape and size, one after the other. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { GraphRequest } from './graph-process.ts';
import { shapes, type Shape } from './graphs/shapes.ts';
import { ended, heard, quietEnvironment } from './rounds.ts';

export interface GraphRow {
  name: string;
  nodes: number;
  shape: Shape;
  /** Whether each node makes a call that is recorded. */
  recorded: boolean;
  microsecondsPerNode: number;
}

const sizes = [100, 1000, 10_000, 100_000];
/** SQLite's chains commit once a node, and the others' cost grows with the square: neither is waited for at every size. */
const largest: Readonly<Record<string, number>> = {
  'switchyard memory, pure': 100_000,
  'switchyard memory, recorded': 100_000,
  'switchyard sqlite, recorded': 10_000,
  'langgraph, pure': 1000,
  'mastra, pure': 1000,
};

export interface GraphOptions {
  /** For one graph. */
  ms: number;
  /** No graph is larger. */
  mostNodes: number;
  isWanted(name: string): boolean;
  note(text: string): void;
}

export async function measureGraphs({ ms, mostNodes, isWanted, note }: GraphOptions): Promise<GraphRow[]> {
  const rows: GraphRow[] = [];
  for (const [who, limit] of Object.entries(largest).filter(([name]) => isWanted(name))) {
    note(`graphs: ${who}`);
    const [name, sort] = who.split(', ') as [string, string];
    const child = fork(join(import.meta.dirname, 'graph-process.ts'), [who], { env: quietEnvironment() });
    try {
      await heard(child, who);
      for (const nodes of sizes.filter((size) => size <= Math.min(limit, mostNodes))) {
        for (const shape of shapes) {
          const told = heard<number>(child, who);
          child.send({ shape, nodes, ms } satisfies GraphRequest);
          rows.push({ name, nodes, shape, recorded: sort === 'recorded', microsecondsPerNode: await told });
        }
      }
    } finally {
      await ended(child);
    }
  }
  return rows;
}
