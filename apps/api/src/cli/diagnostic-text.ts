/** Diagnostics as text for people: place, reason, fix. */
import type { Diagnostic } from '@switchyard/shared';

export function diagnosticText(diagnostic: Diagnostic): string {
  const { severity, code, path, node, field, message, fix } = diagnostic;
  const place = node === undefined ? path : `${node}${field === undefined ? '' : `.${field}`}${path === '' ? '' : ` (${path})`}`;
  return `${severity}${place === '' ? '' : ` at ${place}`}: ${message} [${code}]${fix ? `\n  fix: ${fix.title}` : ''}`;
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
