/** A failure within the details of a row: what failed, why, what to do, and what was behind it. */
import type { Failure } from '@switchyard/shared';
import { Icon } from '../ui/icon.tsx';
import { MaskedText } from '../ui/masked-text.tsx';

/** The whole chain of causes. */
export function FailureNote({ failure }: { failure: Failure }) {
  return (
    <div role="note" aria-label="Failure" className="space-y-1 rounded-md border border-bad/40 bg-bad-soft px-3 py-2 text-sm">
      <p className="flex items-start gap-2">
        <Icon name="circle-x" className="mt-0.5 text-bad" />
        <span className="min-w-0 break-words">
          <MaskedText text={failure.message} />
        </span>
      </p>
      <p className="pl-6 font-mono text-xs text-dim">
        {failure.code} · {retryText(failure)}
      </p>
      {failure.cause && (
        <div className="pl-6 text-xs text-dim">
          Behind it: <MaskedText text={failure.cause.message} />
        </div>
      )}
    </div>
  );
}

function retryText({ retry }: Failure): string {
  if (retry === 'never') return 'trying again as it is will not help';
  return retry === 'policy' ? 'may work when tried again' : `may work when tried again after ${Math.ceil(retry.afterMs / 1000)} s`;
}
