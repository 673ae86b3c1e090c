/** A divergence of a replay as text for people. */
import type { Divergence } from '@switchyard/engine/run';
import { visibleLine } from '@switchyard/shared';

const what: Readonly<Record<Divergence['what'], string>> = {
  missing: 'asks for a call that was not recorded',
  unasked: 'does not ask for a call that was recorded',
  differs: 'asks for something else than was recorded',
  result: 'ends otherwise than was recorded',
};

export function divergenceText(divergence: Divergence): string {
  const { key, node, expected, actual } = divergence;
  const place = key === undefined ? '' : ` at ${key}${node === undefined || node === key ? '' : ` (${node})`}`;
  return [
    `It ${what[divergence.what]}${place}.`,
    ...(expected === undefined ? [] : [visibleLine(`  recorded: ${JSON.stringify(expected)}`)]),
    ...(actual === undefined ? [] : [visibleLine(`  now:      ${JSON.stringify(actual)}`)]),
  ].join('\n');
}
