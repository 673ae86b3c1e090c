/** Binds what a task was granted: exactly the operations of its grants, behind the approval that each grant asks for. */
import type { Json } from '@switchyard/shared';
import type { Granted, Operation, Registry } from '../node.ts';
import type { PlanBody, PlanFlow, PlanGrant } from '../plan.ts';
import { askBefore, type Asking } from './approval.ts';

/** What grants are bound within. */
export interface Grounds {
  body: PlanBody;
  flows: Readonly<Record<string, PlanFlow>>;
  registry: Registry;
}

const known = new WeakMap<readonly PlanGrant[], { registry: Registry; granted: Granted[] }>();

/** The node that may call, and what it was granted. */
interface Caller {
  id: string;
  title: string;
  grants: readonly PlanGrant[];
}

/**
 * The nodes that the caller's grants reach, ready to be called. Compile has made sure that kinds and operations exist and that nothing calls itself.
 * Worked out once for the grants of a plan: all runs of it get the same, so that a room may remember what it made of them.
 */
export function bindGrants(grounds: Grounds, caller: Caller): Granted[] {
  const { grants } = caller;
  const before = known.get(grants);
  if (before?.registry === grounds.registry) return before.granted;
  const granted = bind(grounds, caller);
  known.set(grants, { registry: grounds.registry, granted });
  return granted;
}

function bind(grounds: Grounds, caller: Caller): Granted[] {
  const { body, flows, registry } = grounds;
  return caller.grants.map((grant) => {
    const callee = body.callees[grant.node];
    const kind = callee && registry.get(callee.kind);
    if (!callee || !kind?.operations) throw new Error(`The plan grants "${grant.node}", which offers nothing to call`);
    const catalogue = kind.catalogue;
    let plain: Operation[] | undefined;
    const operationsWith = (known: Json | undefined): Operation[] => {
      const granted = bindGrants(grounds, { id: grant.node, title: callee.title, grants: callee.grants });
      const flow = callee.flow === undefined ? undefined : flows[callee.flow]?.ports;
      const all =
        kind.operations?.(callee.config, { granted, title: callee.title, ...(known !== undefined && { catalogue: known }), ...(flow && { flow }) }) ?? [];
      const wanted = grant.operations;
      return (wanted ? all.filter((operation) => wanted.includes(operation.name)) : all).map((operation) => guard(operation, { grant, caller, callee }));
    };
    return {
      node: grant.node,
      kind: callee.kind,
      title: callee.title,
      approval: grant.approval,
      ...(catalogue && { catalogue: (context) => catalogue(callee.config, context) }),
      ...(kind.tellCatalogue && { tell: kind.tellCatalogue }),
      operations(known) {
        if (known !== undefined) return operationsWith(known);
        plain ??= operationsWith(undefined);
        return plain;
      },
    };
  });
}

function guard(operation: Operation, asking: Asking): Operation {
  const { grant } = asking;
  const needsApproval = grant.approval === 'always' || (grant.approval === 'writes' && operation.effect === 'write');
  return needsApproval ? askBefore(operation, asking) : operation;
}
