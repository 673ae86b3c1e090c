/** The clock, for durations of what still runs. */
import { useEffect, useState } from 'react';

/** ms since the epoch; draws again every `everyMs` while it ticks. */
export function useNow(isTicking: boolean, everyMs = 100): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isTicking) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [isTicking, everyMs]);
  return now;
}
