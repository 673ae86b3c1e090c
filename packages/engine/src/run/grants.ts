/**
 * Binds what a task was granted: exactly the operations of its grants, behind the approval that each grant asks for.
 *
 * A name that compile could not judge, since only the connection knows it, is judged here: where the catalogue was read and does not have it, binding
 * throws the FailureError `operation-missing`; where it could not be read, the operation reads it when it is called.
 */
import { FailureError, failure, type Json, type JsonObject } from '@switchyard/shared';
import type { Context, Granted, Kind, Operation, Registry, Step } from '../node.ts';
import type { PlanBody, PlanCallee, PlanFlow, PlanGrant } from '../plan.ts';
import { mismatchText, validate } from '../schema.ts';
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
  const { body, registry } = grounds;
  return caller.grants.map((grant) => {
    const callee = body.callees[grant.node];
    const kind = callee && registry.get(callee.kind);
    if (!callee || !kind?.operations) throw new Error(`The plan grants "${grant.node}", which offers nothing to call`);
    const { catalogue } = kind;
    const bound: BoundGrant = { grounds, caller, grant, callee, kind };
    let plain: Operation[] | undefined;
    return {
      node: grant.node,
      kind: callee.kind,
      title: callee.title,
      approval: grant.approval,
      ...(catalogue && { catalogue: (context) => catalogue(callee.config, context) }),
      ...(kind.tellCatalogue && { tell: kind.tellCatalogue }),
      operations(known) {
        if (known !== undefined) return operationsOf(bound, known);
        plain ??= operationsOf(bound, undefined);
        return plain;
      },
    };
  });
}

type Catalogue = NonNullable<Kind['catalogue']>;

interface BoundGrant {
  grounds: Grounds;
  caller: Caller;
  grant: PlanGrant;
  callee: PlanCallee;
  kind: Kind;
}

/** What the grant allows of what its node offers, by its catalogue where that was read. */
function operationsOf(bound: BoundGrant, known: Json | undefined): Operation[] {
  const { grounds, caller, grant, callee, kind } = bound;
  const granted = bindGrants(grounds, { id: grant.node, title: callee.title, grants: callee.grants });
  const flow = callee.flow === undefined ? undefined : grounds.flows[callee.flow]?.ports;
  const all = kind.operations?.(callee.config, { granted, title: callee.title, ...(known !== undefined && { catalogue: known }), ...(flow && { flow }) }) ?? [];
  const wanted = grant.operations;
  const allowed = (wanted ? all.filter(({ name }) => wanted.includes(name)) : all).map((operation) => guard(operation, { grant, caller, callee }));
  const missing = wanted?.filter((name) => !all.some((operation) => operation.name === name)) ?? [];
  if (missing.length === 0) return allowed;
  if (known !== undefined) throw missingOperations(bound, { missing, offered: all.map(({ name }) => name), known });
  const { catalogue } = kind;
  return catalogue ? [...allowed, ...missing.map((name) => unread(bound, name, catalogue))] : allowed;
}

/** At most 20 names. */
function quoted(names: readonly string[]): string {
  const told = names.slice(0, 20).map((name) => `"${name}"`);
  return names.length > 20 ? `${told.join(', ')} and ${names.length - 20} more` : told.join(', ') || 'nothing';
}

function missingOperations(
  { caller, grant, callee, kind }: BoundGrant,
  { missing, offered, known }: { missing: readonly string[]; offered: readonly string[]; known: Json },
): FailureError {
  const why = missing.flatMap((name) => kind.whyMissing?.(callee.config, known, name) ?? []);
  const told = [
    `"${caller.title}" is granted ${quoted(missing)} of "${callee.title}" (${grant.node}), which its connection does not offer to that node now.`,
    ...why,
    `It offers ${quoted(offered)}. Choose among these in the grant, or see to the settings of "${callee.title}".`,
  ];
  return new FailureError(failure('operation-missing', told.join(' ')));
}

/** An operation of which nothing is known but the name. It asks for approval once it is known, and as what it is then. */
function unread(bound: BoundGrant, name: string, catalogue: Catalogue): Operation {
  const { callee, kind } = bound;
  return {
    name,
    description: `${name} of "${callee.title}". What it takes could not be read yet.`,
    input: { type: 'object' },
    effect: kind.unlisted?.(callee.config) ?? 'write',
    call: (args, context, onEdit) => callUnread(bound, { name, catalogue, args, context, ...(onEdit && { onEdit }) }),
  };
}

interface CallOfUnread {
  name: string;
  catalogue: Catalogue;
  args: JsonObject;
  context: Context;
  onEdit?: (args: JsonObject) => void;
}

function* callUnread(bound: BoundGrant, { name, catalogue, args, context, onEdit }: CallOfUnread): Step<Json> {
  const known = yield* catalogue(bound.callee.config, context.scope('.catalogue'));
  const operation = operationsOf(bound, known).find((each) => each.name === name);
  if (!operation) throw missingOperations(bound, { missing: [name], offered: [], known });
  const mismatches = validate(operation.input, args);
  if (mismatches.length > 0)
    throw new FailureError(failure('arguments-invalid', `The arguments do not fit "${name}": ${mismatchText(mismatches)} Call it again with others.`));
  return yield* operation.call(args, context, onEdit);
}

function guard(operation: Operation, asking: Asking): Operation {
  const { grant } = asking;
  const needsApproval = grant.approval === 'always' || (grant.approval === 'writes' && operation.effect === 'write');
  return needsApproval ? askBefore(operation, asking) : operation;
}
