/** Switchyard's mark: two tracks, and the switch between them. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg aria-hidden viewBox="0 0 22 22" width={size} height={size} fill="none" strokeWidth="2" strokeLinecap="round" className="shrink-0">
      <path d="M2 6h18" stroke="var(--control)" />
      <path d="M2 16h18" stroke="var(--data)" />
      <path d="M6 6c5 0 5 10 10 10" stroke="var(--text)" />
    </svg>
  );
}
