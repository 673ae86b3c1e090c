/** Stage 3: the rules, one file each. A rule that cannot judge, because what it needs is itself mistaken, keeps silent. */
import type { Diagnostic } from '@switchyard/shared';
import { checkLinks } from './checks/links.ts';
import type { Graph, Rule } from './graph.ts';

const rules: readonly Rule[] = [checkLinks];

export function check(graph: Graph): Diagnostic[] {
  return rules.flatMap((rule) => rule(graph));
}
