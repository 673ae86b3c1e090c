/**
 * Time limits by the thousand, of which nearly all are taken back before they are reached.
 *
 * 1. Limits of one length are a line: the first to come is the first to be reached, so that one timer serves them all.
 * 2. To set a limit and to take it back moves some references and touches no timer, but for the first and the last of a line.
 * 3. A line in which nobody waits does not keep the process up.
 */
export interface Limited {
  /** Its time is up; called once, never after `end`. */
  outOfTime(): void;
}

export interface TimeLimit {
  /** Undefined once it was reached or taken back. */
  limited: Limited | undefined;
  /** By the process's own clock, ms. */
  readonly at: number;
  readonly line: Line;
  before: TimeLimit | undefined;
  after: TimeLimit | undefined;
}

interface Line {
  readonly ms: number;
  first: TimeLimit | undefined;
  last: TimeLimit | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** A longer timer would fire at once in Node; no attempt takes that long. */
const longestTimerMs = 2 ** 31 - 1;

export class TimeLimits {
  readonly #lines = new Map<number, Line>();
  readonly #reach = (line: Line): void => this.#reached(line);

  begin(ms: number, limited: Limited): TimeLimit {
    const bounded = Math.min(ms, longestTimerMs);
    let line = this.#lines.get(bounded);
    if (!line) {
      line = { ms: bounded, first: undefined, last: undefined, timer: undefined };
      this.#lines.set(bounded, line);
    }
    const limit: TimeLimit = { limited, at: performance.now() + bounded, line, before: line.last, after: undefined };
    if (line.last) line.last.after = limit;
    else line.first = limit;
    line.last = limit;
    if (!line.timer) line.timer = setTimeout(this.#reach, bounded, line);
    else if (line.first === limit) line.timer.ref();
    return limit;
  }

  end(limit: TimeLimit): void {
    if (!limit.limited) return;
    limit.limited = undefined;
    const { line, before, after } = limit;
    if (before) before.after = after;
    else line.first = after;
    if (after) after.before = before;
    else line.last = before;
    limit.before = undefined;
    limit.after = undefined;
    if (!line.first) line.timer?.unref();
  }

  #reached(line: Line): void {
    line.timer = undefined;
    const now = performance.now();
    for (let { first } = line; first && first.at <= now; { first } = line) {
      const { limited } = first;
      this.end(first);
      limited?.outOfTime();
    }
    // Whoever was told may have begun another.
    if (line.timer) return;
    if (line.first) line.timer = setTimeout(this.#reach, Math.max(1, line.first.at - now), line);
    else this.#lines.delete(line.ms);
  }
}
