/** In place of values that are long: that they are being read, or the button that reads them. */
import { Button } from './button.tsx';
import { bytesText } from './figures.ts';

interface LongValueNoteProps {
  state: 'reading' | 'apart' | 'failed';
  bytes: number;
  message?: string | undefined;
  onRead: () => void;
}

/** One line. */
export function LongValueNote({ state, bytes, message, onRead }: LongValueNoteProps) {
  if (state === 'failed') return <p className="text-xs text-bad">{message ?? 'The values could not be read.'}</p>;
  return (
    <p className="flex h-7 items-center gap-2 text-xs text-dim" aria-live="polite">
      {state === 'reading' ? (
        `Reading ${bytesText(bytes)}…`
      ) : (
        <>
          {bytesText(bytes)} of values
          <Button size="small" onClick={onRead}>
            Show
          </Button>
        </>
      )}
    </p>
  );
}
