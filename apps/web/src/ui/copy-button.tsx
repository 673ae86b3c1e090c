/** Copies a text and says that it did. */
import { useEffect, useRef, useState } from 'react';
import { Button, IconButton } from './button.tsx';

interface CopyButtonProps {
  /** Asked when pressed, so that long texts are made only then. */
  text: () => string;
  label: string;
  /** Shows the words too. */
  hasWords?: boolean;
}

/** Its icon turns into a tick for a moment. */
export function CopyButton({ text, label, hasWords }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  const timer = useRef<number>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const copy = () => {
    void navigator.clipboard.writeText(text()).then(() => {
      setCopied(true);
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => setCopied(false), 1500);
    });
  };
  const icon = isCopied ? 'check' : 'copy';
  if (hasWords) {
    return (
      <Button size="small" variant="quiet" icon={icon} onClick={copy}>
        {isCopied ? 'Copied' : label}
      </Button>
    );
  }
  return <IconButton size="small" icon={icon} label={isCopied ? 'Copied' : label} onClick={copy} />;
}
