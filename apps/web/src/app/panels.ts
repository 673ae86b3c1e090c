/** Going from panel to panel with F6, in the order in which they stand on screen. */

const order = ['top', 'left', 'level', 'canvas', 'welcome', 'dock', 'inspector'] as const;

const focusable = 'button:not([disabled]), [href], input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]:not([tabindex="-1"])';

/** Puts the focus into the next panel that is on screen, or the one before. */
export function nextPanel(step: 1 | -1): void {
  const panels = order.flatMap((name) => document.querySelector<HTMLElement>(`[data-panel="${name}"]`) ?? []);
  // One may stand within another: the inner one has the focus.
  const at = panels.findLastIndex((panel) => panel.contains(document.activeElement));
  for (let moved = 1; moved <= panels.length; moved += 1) {
    const panel = panels.at((at + step * moved + panels.length * 2) % panels.length);
    const target = panel?.matches(focusable) ? panel : panel?.querySelector<HTMLElement>(focusable);
    if (!target) continue;
    target.focus();
    return;
  }
}
