/** Diagnostics as text for people: place, reason, fix. What they quote of a document cannot move the terminal: it is written out. */
import { visibleLine, type Diagnostic } from '@switchyard/shared';

export function diagnosticText(diagnostic: Diagnostic): string {
  const { severity, code, path, node, field, message, fix } = diagnostic;
  const place = node === undefined ? path : `${node}${field === undefined ? '' : `.${field}`}${path === '' ? '' : ` (${path})`}`;
  const told = visibleLine(`${severity}${place === '' ? '' : ` at ${place}`}: ${message} [${code}]`);
  return fix ? `${told}\n${visibleLine(`  fix: ${fix.title}`)}` : told;
}

/** How many there are, such as "2 errors, 1 warning". */
export function countText(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const parts = [plural(errors, 'error'), plural(diagnostics.length - errors, 'warning')].filter((part) => part !== '');
  return parts.join(', ') || 'no problems';
}

function plural(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`;
}
