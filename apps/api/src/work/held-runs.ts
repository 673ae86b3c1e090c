/**
 * Runs by id, in the order they came, that come and go by the thousand.
 *
 * A Map moves to a new table again and again as entries come and go, and each table it left refers to the next one. Once such a table is old, a young
 * generation's collection keeps everything that hangs on it, ended runs included, and copies it until the whole heap is collected: 5 to 10 KB a run, a
 * tenth of all CPU (measured). So an entry here is a box, and is emptied when it is taken out: what the left tables keep is boxes.
 */
import type { LiveRun } from './live-run.ts';

interface Box {
  live: LiveRun | undefined;
}

export class HeldRuns {
  readonly #boxes = new Map<string, Box>();

  get size(): number {
    return this.#boxes.size;
  }

  get(run: string): LiveRun | undefined {
    return this.#boxes.get(run)?.live;
  }

  add(live: LiveRun): void {
    this.delete(live.run.run);
    this.#boxes.set(live.run.run, { live });
  }

  delete(run: string): void {
    const box = this.#boxes.get(run);
    if (!box) return;
    box.live = undefined;
    this.#boxes.delete(run);
  }

  deleteOldest(): void {
    for (const run of this.#boxes.keys()) {
      this.delete(run);
      return;
    }
  }

  clear(): void {
    for (const run of [...this.#boxes.keys()]) this.delete(run);
  }

  values(): LiveRun[] {
    return [...this.#boxes.values()].flatMap(({ live }) => live ?? []);
  }
}
