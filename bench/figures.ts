/** How the benchmarks print what they measured. */

/** The middle value; of an even count, the upper of the two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Three digits that count. */
export function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

/** One line: what, how much, and the goal where there is one. */
export function tell(what: string, value: number, unit: string, goal = ''): void {
  const shown = value >= 100 ? value.toFixed(0) : value.toPrecision(3);
  console.log(`${what.padEnd(58)} ${shown.padStart(8)} ${unit}${goal && `   (goal: ${goal})`}`);
}

/** Runs `work` so many times after one warm-up; gives the median time in ms. */
export async function timed(times: number, work: () => unknown): Promise<number> {
  await work();
  const taken: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const begin = performance.now();
    await work();
    taken.push(performance.now() - begin);
  }
  return median(taken);
}
