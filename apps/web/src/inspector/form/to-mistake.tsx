/** A diagnostic as it is told at a control. */
import type { Diagnostic } from '@switchyard/shared';
import type { Mistake } from '../../ui/field.tsx';
import { FixButton } from './fix-button.tsx';

/** With the button that mends it, where one can. */
export function toMistake(diagnostic: Diagnostic): Mistake {
  return { message: diagnostic.message, severity: diagnostic.severity, action: <FixButton diagnostic={diagnostic} /> };
}
