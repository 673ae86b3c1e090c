/** Keys as they are pressed, such as "Ctrl K". */
import { classNames } from './class-names.ts';

/** `keys` is shown as it is. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return <kbd className={classNames('font-sans text-xs whitespace-nowrap', className)}>{keys}</kbd>;
}
