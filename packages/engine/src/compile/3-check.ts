/** Stage 3: the rules, one file each. A rule that cannot judge, because what it needs is itself mistaken, keeps silent. */
import type { Diagnostic } from '@switchyard/shared';
import { checkApprovals } from './checks/approvals.ts';
import { checkCrowdedInputs } from './checks/crowded-inputs.ts';
import { checkCrowdedOutputs } from './checks/crowded-outputs.ts';
import { checkCycles } from './checks/cycles.ts';
import { checkExpressions } from './checks/expressions.ts';
import { checkGrants } from './checks/grants.ts';
import { checkInputs } from './checks/inputs.ts';
import { checkKindProblems } from './checks/kind-problems.ts';
import { checkLinks } from './checks/links.ts';
import { checkNames } from './checks/names.ts';
import { checkPolicies } from './checks/policies.ts';
import { checkPortTypes } from './checks/port-types.ts';
import { checkReachability } from './checks/reachability.ts';
import { checkSchemas } from './checks/schemas.ts';
import { checkSecrets } from './checks/secrets.ts';
import { checkSources } from './checks/sources.ts';
import { checkSubflowNames } from './checks/subflow-names.ts';
import { checkWorkspaceNames } from './checks/workspace-names.ts';
import type { Graph, Rule } from './graph.ts';

const rules: readonly Rule[] = [
  checkKindProblems,
  checkNames,
  checkSchemas,
  checkExpressions,
  checkSources,
  checkWorkspaceNames,
  checkSubflowNames,
  checkPolicies,
  checkLinks,
  checkCrowdedInputs,
  checkCrowdedOutputs,
  checkInputs,
  checkGrants,
  checkApprovals,
  checkCycles,
  checkPortTypes,
  checkReachability,
  checkSecrets,
];

export function check(graph: Graph): Diagnostic[] {
  return rules.flatMap((rule) => rule(graph));
}
