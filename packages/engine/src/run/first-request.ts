/**
 * What a node's model would be asked first, worked out without a call: by the node's own generator, on catalogues that are known already.
 *
 * 1. It is what a run would ask with the same inputs and catalogues; inputs that it needs and is not given are empty texts.
 * 2. A catalogue that is not known reads as one that could not be read; `catalogues` says which were asked for.
 */
import { failure, FailureError, toFailure, type CatalogueRequest, type Failure, type Json, type JsonObject, type ModelRequest } from '@switchyard/shared';
import type { Context, Kind, Registry } from '../node.ts';
import type { Plan, PlanCallee, PlanTask } from '../plan.ts';
import { noArrivals } from './arrivals.ts';
import { bindGrants } from './grants.ts';

export interface FirstRequestOptions {
  registry: Registry;
  inputs?: JsonObject;
  /** What a connection told when it was asked so; undefined where that is not known. */
  catalogue(request: CatalogueRequest): Json | undefined;
}

export interface FirstRequest {
  /** Undefined where the node asks no model before it does something else, or fails. */
  request: ModelRequest | undefined;
  /** What ends the node before it asks. */
  failure?: Failure;
  /** The catalogues that it reads before. */
  catalogues: CatalogueRequest[];
}

/** Of a task of the flow, or of a node that is called. */
export function firstRequest(plan: Plan, node: string, options: FirstRequestOptions): FirstRequest {
  const planned = plan.tasks.find(({ id }) => id === node) ?? plan.callees[node];
  const kind = planned && options.registry.get(planned.kind);
  if (!planned || !kind) return { request: undefined, catalogues: [] };
  const flows = plan.flows ?? {};
  const granted = bindGrants({ body: plan, flows, registry: options.registry }, { id: node, title: planned.title, grants: planned.grants });
  const flow = planned.flow === undefined ? undefined : flows[planned.flow]?.ports;
  const config = kind.config.parse(planned.config) as never;
  const given = { config, inputs: inputsOf(kind, planned, options), granted, arrivals: noArrivals, ...(flow && { flow }) };
  const asked: CatalogueRequest[] = [];
  const context = { plan, node, title: planned.title, asked, catalogue: (request: CatalogueRequest) => options.catalogue(request) };
  try {
    kind.run(given, contextOf(context)).next();
  } catch (error) {
    if (error instanceof Asked) return { request: error.request, catalogues: asked };
    return { request: undefined, failure: toFailure(error), catalogues: asked };
  }
  return { request: undefined, catalogues: asked };
}

function inputsOf(kind: Kind, { config }: PlanTask | PlanCallee, { inputs = {} }: FirstRequestOptions): JsonObject {
  const { inputs: ports, optional = [] } = kind.ports(kind.config.parse(config));
  const missing = Object.keys(ports).filter((port) => !optional.includes(port));
  return { ...Object.fromEntries(missing.map((port) => [port, ''])), ...inputs };
}

/** Ends the generator at its first question to a model. */
class Asked extends Error {
  readonly request: ModelRequest;

  constructor(request: ModelRequest) {
    super('A model is asked');
    this.request = request;
  }
}

interface Ground {
  plan: Plan;
  node: string;
  title: string;
  asked: CatalogueRequest[];
  catalogue(request: CatalogueRequest): Json | undefined;
}

/** Gives catalogues that are known, ends at a model, and can do nothing else. */
function contextOf({ plan, node, title, asked, catalogue }: Ground): Context {
  const nothing = () => {
    throw new FailureError(failure('not-run', 'Nothing is called to see what a model would be asked.'));
  };
  const context: Context = {
    key: node,
    node,
    title,
    limits: plan.limits,
    depth: 0,
    scope: () => context,
    spend: () => {},
    endGrantedCall: () => {},
    tell: () => {},
    model: (request) => {
      throw new Asked(request);
    },
    catalogue: (connection, _, scope = {}) => known({ connection, ...scope }, { asked, catalogue }),
    query: nothing,
    fetch: nothing,
    connect: nothing,
    sandbox: nothing,
    timer: nothing,
    wait: nothing,
    body: nothing,
    now: () => 0,
    random: () => 0,
  };
  return context;
}

function* known(request: CatalogueRequest, { asked, catalogue }: Pick<Ground, 'asked' | 'catalogue'>) {
  asked.push(request);
  const told = catalogue(request);
  if (told === undefined) throw new FailureError(failure('catalogue-unknown', `Nothing is known of "${request.connection}" yet.`));
  return told;
}
