/** Numbers as people read them: durations, counts, money. */

/** A duration, such as "3 ms", "740 ms", "1.9 s", "2 min 5 s", "10 min". */
export function durationText(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? twoParts(minutes, 'min', seconds % 60, 's') : twoParts(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function twoParts(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return `${large} ${largeUnit}${small === 0 ? '' : ` ${small} ${smallUnit}`}`;
}

/** The time of day, with the date where it is not today's. `at` in ms since the epoch. */
export function momentText(at: number): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return date.toDateString() === new Date().toDateString() ? time : `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${time}`;
}

/** A count with its thousands apart, such as "3,412". */
export function countText(count: number): string {
  return count.toLocaleString('en');
}

/** A cost in US dollars, with as many digits as it takes to see it, such as "$0.0021". */
export function costText(cost: number): string {
  if (cost === 0) return '$0';
  return `$${cost >= 0.01 ? cost.toFixed(2) : cost.toFixed(4)}`;
}

/** The count and its word, such as "1 turn" and "2 turns". */
export function counted(count: number, word: string): string {
  return `${countText(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** A length of data, such as "740 B", "12 KB", "3.4 MB". */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
