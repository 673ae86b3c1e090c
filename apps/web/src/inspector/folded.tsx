/** A part of the inspector that is read only when it is unfolded. */
import { useId, useState, type ReactNode } from 'react';
import { Icon } from '../ui/icon.tsx';

interface FoldedProps {
  title: string;
  /** Called once it is open. */
  children: () => ReactNode;
}

export function Folded({ title, children }: FoldedProps) {
  const [isOpen, setOpen] = useState(false);
  const contents = useId();
  return (
    <section aria-label={title}>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={contents}
        onClick={() => setOpen(!isOpen)}
        className="flex items-center gap-1 text-xs font-semibold text-dim hover:text-text"
      >
        <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} size={14} />
        {title}
      </button>
      <div id={contents} className="pt-2">
        {isOpen && children()}
      </div>
    </section>
  );
}
