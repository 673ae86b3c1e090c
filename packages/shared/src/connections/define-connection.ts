/** What a type of connection is, as far as documents, forms and checks need to know it: one file here, and one line in index.ts. Pure. */
import { z } from 'zod';
import { poolLimitsSchema } from '../pool-limits.ts';
import { secretRefSchema, textOrSecretSchema } from '../secret-ref.ts';

/** Call kinds that a connection may be able to perform. `connect` is every action that is neither SQL nor HTTP. */
export type ConnectionCall = 'query' | 'catalogue' | 'fetch' | 'connect';

/** Families of actions that `connect` performs: connections that speak one are the same to whoever uses it. */
export type ActionFamily = 'key-value' | 'objects' | 'passages' | 'documents' | 'graphql' | 'mcp';

/** What a form shows of a field, besides what its JSON Schema says. Every field has a title. */
export interface FieldMeta {
  title: string;
  /** Stands below the control. */
  description?: string;
  placeholder?: string;
  /** For whoever needs it: shown when asked for. */
  isAdvanced?: true;
  /** Several lines of text, a certificate for example. */
  isLong?: true;
  /** A text of code, a path or an address: shown in a fixed-width face. */
  isCode?: true;
  /** Short enough that two stand side by side. */
  isShort?: true;
  /** Needed of a person, though a workspace file may give something else in its place. */
  isNeeded?: true;
  /** Set in a workspace file and nowhere else: it starts something on the server's machine. */
  isFileOnly?: true;
  /** Set by the application, kept as it is by whoever edits the rest. */
  isKept?: true;
}

/** Fields that mean more than their JSON type; a field's `widget` stands in its JSON Schema. */
export const connectionField = {
  /** The name of a secret: the form takes the secret itself and hands it to the vault. */
  secret: (meta: FieldMeta) => secretRefSchema.meta({ ...meta, widget: 'secret' }),
  /** Text, or the name of a secret that holds it. */
  textOrSecret: (meta: FieldMeta) => textOrSecretSchema.meta({ ...meta, widget: 'text-or-secret' }),
  /** Names with texts or secrets, such as headers. `entry` is what one of them is called. */
  secretMap: (meta: FieldMeta & { entry: string; namePattern?: string }) => z.record(z.string(), textOrSecretSchema).meta({ ...meta, widget: 'secret-map' }),
  /** A file or folder of the server's machine: a path or a file: URL; what is relative is relative to the workspace file, and made absolute when that is read. */
  path: (meta: FieldMeta) =>
    z
      .string()
      .min(1)
      .meta({ isCode: true, ...meta, widget: 'path' }),
  /** Name of another connection of the workspace that this one uses; the form offers those that do one of these. */
  connection: (meta: FieldMeta & { connectionsThat: readonly (ConnectionCall | ActionFamily)[] }) =>
    z
      .string()
      .min(1)
      .meta({ ...meta, widget: 'connection' }),
  /** Name of a model of the workspace that this connection uses. */
  model: (meta: FieldMeta) =>
    z
      .string()
      .min(1)
      .meta({ ...meta, widget: 'model' }),
};

type Fields = Record<string, z.ZodType>;
type SchemaOf<Type extends string, Shape extends Fields> = z.ZodObject<
  { type: z.ZodLiteral<Type> } & Shape & { limits: z.ZodOptional<typeof poolLimitsSchema> },
  z.core.$strict
>;

/** In the order in which a chooser shows them. */
export const connectionGroups = ['Databases', 'APIs', 'Files and storage', 'Tools'] as const;

interface Definition<Type extends string, Shape extends Fields, Connection> {
  type: Type;
  title: string;
  /** One line: what it leads to. */
  description: string;
  group: (typeof connectionGroups)[number];
  fields: Shape;
  /** What its connector performs. One that is shipped may perform less. */
  performs: readonly ConnectionCall[];
  /** Which actions, where `connect` is among what it performs. */
  speaks?: ActionFamily;
  /** Ships with an example: stands in for a type that is known when it is used, and cannot be written by hand. */
  isShipped?: true;
  /** What a person knows it by: an address or a file. */
  address(connection: Connection): string;
  /** Where its secrets may go, as `scheme://host:port`; none where it reaches no host. */
  origins(connection: Connection): string[];
}

/** A type of connection with its schema. */
export interface ConnectionType<Type extends string = string, Shape extends Fields = Fields>
  extends Omit<Definition<Type, Shape, never>, 'fields' | 'address' | 'origins'> {
  schema: SchemaOf<Type, Shape>;
  address(connection: { type: string }): string;
  origins(connection: { type: string }): string[];
}

/** Defines a type of connection; its functions are typed from its fields. Gives every type its `type` and its `limits`. */
export function defineConnection<const Type extends string, Shape extends Fields>({
  fields,
  ...definition
}: Definition<Type, Shape, z.output<SchemaOf<Type, Shape>>>): ConnectionType<Type, Shape> {
  const schema = z.strictObject({ type: z.literal(definition.type), ...fields, limits: poolLimitsSchema.optional() });
  // A connection is only ever given to the functions of its own type: connectionTypeOf finds them by it.
  return { ...definition, schema } as unknown as ConnectionType<Type, Shape>;
}

type Schemas<Types extends readonly { schema: unknown }[]> = { -readonly [Index in keyof Types]: Types[Index]['schema'] };

/** The schemas of these types, as the tuple that a union is made of. */
export function schemasOf<const Types extends readonly { schema: unknown }[]>(types: Types): Schemas<Types> {
  return types.map(({ schema }) => schema) as Schemas<Types>;
}
