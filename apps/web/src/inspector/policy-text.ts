/** What a node's policy says, in one line, and failure codes as they are typed. Pure. */
import type { FailureHandling, NodePolicy } from '@switchyard/shared';

const endings: Record<FailureHandling, string> = { stop: 'stops the run', continue: 'goes on with a default', port: 'gives its failure at a port' };

/** Such as "5 tries · 20 s · goes on with a default"; "as usual" where nothing is set. */
export function policyLine({ retry, timeoutSeconds, onFailure }: NodePolicy): string {
  const parts = [
    retry ? (retry.attempts === 1 ? 'one try' : `${retry.attempts} tries`) : '',
    timeoutSeconds === undefined ? '' : `${timeoutSeconds} s`,
    onFailure === undefined || onFailure === 'stop' ? '' : endings[onFailure],
  ].filter(Boolean);
  return parts.length === 0 ? 'as usual' : parts.join(' · ');
}

/** Codes set apart by commas or spaces; undefined where there are none. */
export function readCodes(text: string): string[] | undefined {
  const codes = [...new Set(text.split(/[\s,]+/).filter(Boolean))];
  return codes.length === 0 ? undefined : codes;
}
