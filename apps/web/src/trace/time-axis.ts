/** The common time axis of a trace: round ticks. */

export interface Tick {
  /** ms from the run's start. */
  ms: number;
  label: string;
}

/** About `wanted` ticks at round distances, from 0 up to at most `total` ms. */
export function axisTicks(total: number, wanted = 5): Tick[] {
  const step = roundStep(Math.max(total, 1) / wanted);
  const ticks: Tick[] = [];
  for (let ms = 0; ms <= total + step * 0.001; ms += step) ticks.push({ ms, label: ms === 0 ? '0' : tickText(ms, step) });
  return ticks;
}

function roundStep(least: number): number {
  if (least > 30_000)
    return (
      [60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 86_400_000].find((step) => step >= least) ??
      Math.ceil(least / 86_400_000) * 86_400_000
    );
  const power = 10 ** Math.floor(Math.log10(least));
  return Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? power * 10);
}

function tickText(ms: number, step: number): string {
  if (step >= 3_600_000) return `${ms / 3_600_000} h`;
  if (step >= 60_000) return `${ms / 60_000} min`;
  if (step >= 1000) return `${ms / 1000} s`;
  return step >= 100 ? `${(ms / 1000).toFixed(1)} s` : `${ms} ms`;
}
