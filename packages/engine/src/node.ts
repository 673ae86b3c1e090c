/** CONTRACT 1: what a node kind is, and all it may touch. A kind is one folder in nodes/ and one line in its index. */
import type {
  Approval,
  Ask,
  CallTarget,
  CatalogueScope,
  ConnectRequest,
  Failure,
  FetchRequest,
  FetchResult,
  FullLimits,
  Json,
  JsonObject,
  ModelRequest,
  ModelResult,
  PlannedStep,
  PlannedStepStatus,
  QueryRequest,
  QueryResult,
  SandboxRequest,
  SandboxResult,
  Schema,
} from '@switchyard/shared';
import { anyJson } from '@switchyard/shared';
import { z } from 'zod';
import type { IconName } from './icon-names.ts';
import type { Completion, Handle } from './port.ts';

export { iconNames, type IconName } from './icon-names.ts';
export { approvalSeconds, askPerson, type Heard, type Question } from './asking.ts';
export { inOrder, parallel, type Part } from './parallel.ts';
export type { Completion, Handle } from './port.ts';

/** What a room waits for: one handle, or whichever of several completes first. */
export type Suspended = Handle | readonly Handle[];

/** A piece of a room's work: advances only inside the interpreter's loop, one completion at a time. */
export type Step<T> = Generator<Suspended, T, Completion>;

/** Values by output port. A port left out is not emitted, and prunes what hangs on it alone. */
export type Emitted = JsonObject;

export interface Ports {
  inputs: Record<string, Schema>;
  outputs: Record<string, Schema>;
  /** Inputs that may stay unwired, or be pruned, without keeping the node from running. */
  optional?: string[];
  /** At most one of the outputs, or of those named, is emitted in a run, so that links from several of them may end at one input. */
  exclusive?: true | string[];
  /** Inputs that any number of links may end at. A task with such an input starts at the first value that comes to one, and gets each as an arrival. */
  collects?: string[];
}

/** The ends of a subflow, as a kind that runs it sees them. */
export interface FlowPorts {
  /** Fields of its entries. */
  inputs: Record<string, Schema>;
  /** Inputs that may be left out. */
  optional: string[];
  /** Fields of its exits. */
  outputs: Record<string, Schema>;
  /** `write` where some node of it, or of a flow that it runs, may change data. */
  effect: 'read' | 'write';
}

/** A moment (ms since the epoch), an outside event by name, or a person's answer to a question: an Answer. Where the question names no node, the running one asks. */
export type WaitFor = { time: number } | { signal: string; time?: number } | { ask: Omit<Ask, 'node'> & { node?: string }; time?: number };

/** What a room may touch. Every method but `scope`, `spend`, `endGrantedCall`, `tell`, `body`, `now` and `random` is an effect: it gets a key, is recorded, and throws a FailureError when it fails for good. */
export interface Context {
  /** Prefix of the keys of this context's calls. A context makes at most one call under each name. */
  readonly key: string;
  /** Id of the node whose work this is. */
  readonly node: string;
  /** What that node is called on the canvas. */
  readonly title: string;
  readonly limits: FullLimits;
  /** How many control nodes stand above this one: 0 for a task of the flow. */
  readonly depth: number;
  /** A context whose keys begin with this one's key and `suffix`; `target` says in the trace who is called. */
  scope(suffix: string, target?: Partial<CallTarget> & { isSubAgent?: true; isGrantedCall?: true }): Context;
  /** Counts tool calls against the run's limits; throws the FailureError `limit-tool-calls` when they are spent. */
  spend(usage: { toolCalls: number }): void;
  /** The call of a granted node that this context was made for has ended: where an earlier run had made it, it is not told as this run's usage. */
  endGrantedCall(): void;
  /** Tells in the trace what is planned or refused, under this context's key. No effect: a resumed run tells it again. */
  tell(news: PlanNews | RefusalNews): void;
  model(request: ModelRequest, suffix?: string): Step<ModelResult>;
  /** A `Catalogue` of shared where the connection is a database; others give JSON of their own. `scope` asks for a part, so that no more is recorded. */
  catalogue(connection: string, suffix?: string, scope?: CatalogueScope): Step<Json>;
  query(request: QueryRequest, options?: { suffix?: string; isIdempotent?: boolean }): Step<QueryResult>;
  fetch(request: FetchRequest, options?: { suffix?: string; effect?: 'read' | 'write'; isIdempotent?: boolean }): Step<FetchResult>;
  /** An action of a connection that is neither SQL nor HTTP; its connector says which there are. */
  connect(request: ConnectRequest, options?: { suffix?: string; effect?: 'read' | 'write'; isIdempotent?: boolean }): Step<Json>;
  sandbox(request: SandboxRequest, suffix?: string): Step<SandboxResult>;
  /** A moment to wait for among other things; its completion carries nothing. A resumed run waits only for the rest. */
  timer(until: { time: number }, suffix?: string): Handle;
  /**
   * Waits until a moment, for an outside event, or for a person's answer; gives what came with it, null for a moment. A resumed run goes on waiting.
   * Throws the FailureError `wait-lapsed` where an event or an answer has not come by `time`. While a run does nothing but wait for somebody, its time limit stands still.
   */
  wait(until: WaitFor, suffix?: string): Step<Json>;
  /** Runs the flow of this document that `subflow` names, and gives what reached its exits. Its tasks' ids begin with this context's key and `suffix`. Throws the FailureError that ended it. */
  body(flow: string, inputs: JsonObject, suffix?: string): Step<JsonObject>;
  /** ms since the epoch: the time of the latest completion. */
  now(): number;
  random(): number;
}

/** What a control node tells of its plan: additions to the run's events. */
export type PlanNews = { type: 'plan'; revision: number; steps: PlannedStep[] } | { type: 'plan-step'; step: string; status: PlannedStepStatus; why?: string };

/** A call that a model asked for and that is not made; `suffix` completes its key. Without a node it is of something that the caller was not given. */
export interface RefusalNews {
  type: 'call-refused';
  suffix: string;
  node?: string;
  operation: string;
  request: Json;
  failure: Failure;
}

/** One thing a node can do: a step of the flow and a tool of a control node alike. */
export interface Operation {
  /** `[a-zA-Z_][a-zA-Z0-9_]*`, unique within the node. */
  name: string;
  description: string;
  /** Schema of the arguments: an object. */
  input: Schema;
  output?: Schema;
  effect: 'read' | 'write';
  /** A write that may be repeated: it carries an idempotency key. */
  idempotent?: true;
  /** Arguments fit `input`. Throws a FailureError when it fails. `onEdit` is told where a person changed the arguments. */
  call(args: JsonObject, context: Context, onEdit?: (args: JsonObject) => void): Step<Json>;
}

/** A node that the running node may call, bound by the interpreter: exactly the operations of its grant. */
export interface Granted {
  node: string;
  kind: string;
  title: string;
  approval: Approval;
  /** Reads what the operations need to know of the outside, a database's tables for example; undefined where nothing is needed. */
  catalogue?(context: Context): Step<Json>;
  /** What of the catalogue is told besides the operations; undefined for nothing. Absent: all of it. */
  tell?(catalogue: Json): Json | undefined;
  operations(catalogue?: Json): Operation[];
}

/** What `operations` may build on besides the config. */
export interface Bound {
  catalogue?: Json;
  /** What the node itself was granted, where it may call others. */
  granted: readonly Granted[];
  title: string;
  /** The flow that `subflow` names. */
  flow?: FlowPorts;
}

/** A value that came to an input that collects; `from` is the source as "node.port". */
export type Arrival = { from: string; port: string; value: Json };

/** The values that come to the inputs that collect, one by one, in the order in which they come. */
export interface Arrivals {
  /** Its completion's result is the next Arrival, or null where no more can come. */
  next(): Handle;
}

export interface Task<Config> {
  config: Config;
  /** Values that arrived, by port; ports that are unwired, were pruned, or collect are absent. */
  inputs: JsonObject;
  granted: readonly Granted[];
  arrivals: Arrivals;
  /** The ends of the flow that `subflow` names. */
  flow?: FlowPorts;
}

/** A mistake in the settings of a node. */
export interface Problem {
  /** The config field. */
  field: string;
  message: string;
  /** The flow runs all the same. */
  isHint?: true;
  /** What would mend it, as a value of the field. */
  instead?: { title: string; value: Json };
}

/** A runnable example of a kind: shown in *About*, and run as a test with the canned answers where given. */
export interface KindExample<Config> {
  title: string;
  config: Config;
  /** By port; for an input that collects, the list of what comes to it. */
  inputs: JsonObject;
  /** The ends of the flow that it runs. */
  flow?: Pick<FlowPorts, 'inputs' | 'outputs'>;
  /** Results by call key, as the performer would give them; the node's id in examples is `example`. */
  answers?: Record<string, Json>;
  outputs: JsonObject;
}

export interface KindDefinition<ConfigSchema extends z.ZodObject, Config = z.output<ConfigSchema>> {
  kind: string;
  layer: 'end' | 'control' | 'data';
  /** `entry` gives the run's inputs; what reaches an `exit` is the run's outputs. */
  role?: 'entry' | 'exit';
  /** Grants may start here. */
  mayCall?: true;
  title: string;
  /** One short line for the palette. */
  tagline: string;
  icon: IconName;
  /** Markdown for *About*. */
  doc: string;
  config: ConfigSchema;
  /** Config of a node fresh from the palette; may be incomplete. */
  initial: JsonObject;
  /** The card's second line: what it is set to. `config` parses by the schema. */
  summary(config: Config): string;
  /** Name of the flow of this document that the node runs; its ends are then given to `ports`, `problems` and `operations` where it is there. */
  subflow?(config: Config): string | undefined;
  /** Ports of a valid config, free variables of its templates and expressions included. Never throws for text that does not parse. */
  ports(config: Config, flow?: FlowPorts): Ports;
  /** Mistakes that the schema cannot say. `wired`: how many links end at each input; absent where no flow is around. */
  problems?(config: Config, flow?: FlowPorts, wired?: ReadonlyMap<string, number>): Problem[];
  /** The setting that only a node linked as a step needs, where it is not there. */
  stepProblem?(config: Config): Problem | undefined;
  catalogue?(config: Config, context: Context): Step<Json>;
  /** What a model is told of the catalogue besides the operations, which it is told anyway; undefined for nothing. Without it, all of it. */
  tellCatalogue?(catalogue: Json): Json | undefined;
  operations?(config: Config, bound: Bound): Operation[];
  /**
   * What operations may do at most that only the catalogue names; undefined where the settings name all of them. A grant may then name any, and is
   * held to the catalogue once that is read.
   */
  unlisted?(config: Config): 'read' | 'write' | undefined;
  /** Why an operation that a grant names is not among those of the catalogue, and what to do, where more is known than that it is not there. */
  whyMissing?(config: Config, catalogue: Json, operation: string): string | undefined;
  run(task: Task<Config>, context: Context): Step<Emitted>;
  examples: KindExample<z.input<ConfigSchema>>[];
}

/** A kind as compile, run and the interface see it: its config's type is its own affair, and `config` always parsed by `kind.config` first. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds kinds of every config type; each is parsed by its own schema before use.
export type Kind = KindDefinition<z.ZodObject, any>;

export type Registry = ReadonlyMap<string, Kind>;

/** Defines a kind; all its functions are typed from `config`. */
export function defineNode<ConfigSchema extends z.ZodObject>(definition: KindDefinition<ConfigSchema>): Kind {
  return definition as unknown as Kind;
}

/** The registry of these kinds; throws where two have the same name. */
export function registryOf(kinds: readonly Kind[]): Registry {
  const registry = new Map<string, Kind>();
  for (const kind of kinds) {
    if (registry.has(kind.kind)) throw new Error(`Two kinds are named "${kind.kind}"`);
    registry.set(kind.kind, kind);
  }
  return registry;
}

/**
 * Config fields that mean more than their JSON type. Compile reads the `widget` from the JSON Schema to check and resolve them,
 * the inspector to choose the control.
 */
export const field = {
  /** Text with `{{ }}` holes of CEL. */
  template: () => z.string().meta({ widget: 'template' }),
  /** A CEL expression. */
  expression: () => z.string().min(1).meta({ widget: 'expression' }),
  /** Name of a model of the workspace. */
  model: () => z.string().min(1).meta({ widget: 'model' }),
  /** Name of a connection of the workspace, of one of these types; one that ships with an example always fits. `connectionTypesThat` of shared gives the types that perform a call kind. */
  connection: (types: string[]) => z.string().min(1).meta({ widget: 'connection', connectionTypes: types }),
  /** Source text in a language that the editor highlights. */
  source: (language: 'javascript' | 'sql') => z.string().meta({ widget: 'source', language }),
  /** Name of a flow of this document. */
  flow: () => z.string().min(1).meta({ widget: 'flow' }),
  /** A JSON Schema. */
  schema: () => z.record(z.string(), anyJson).meta({ widget: 'schema' }),
  /** Named JSON Schemas: fields of an input, parameters of an operation. */
  fields: () => z.record(z.string(), z.record(z.string(), anyJson)).meta({ widget: 'fields' }),
};
