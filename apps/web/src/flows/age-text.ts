/** How long ago something was, in the words people use. */

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Such as "just now", "5 min ago", "yesterday", "12 Mar". Both times in ms since the epoch. */
export function ageText(at: number, now: number): string {
  const age = now - at;
  if (age < minute) return 'just now';
  if (age < hour) return `${Math.floor(age / minute)} min ago`;
  if (age < day) return `${Math.floor(age / hour)} h ago`;
  if (age < 2 * day) return 'yesterday';
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...(age > 300 * day && { year: 'numeric' }) });
}
