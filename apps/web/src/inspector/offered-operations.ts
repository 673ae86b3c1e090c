/**
 * What a granted node offers to be called: as it is set up, and where that follows from its connection, as its catalogue says.
 *
 * 1. A kind tells which catalogue it reads by asking for it: its own generator is run here on what the server read, and makes no other call.
 * 2. Until a catalogue is read, what the settings name is all that is known; what only the connection names then counts as the most that it may do.
 */
import { useQuery } from '@tanstack/react-query';
import type { Context, FlowPorts, Kind, Operation } from '@switchyard/engine';
import type { Flow, FlowNode, Json } from '@switchyard/shared';
import { messageOf } from '../api/api-error.ts';
import { queries } from '../api/client.ts';
import { editor } from '../use-editor.ts';

interface SetUp {
  kind: Kind;
  /** Parsed by the kind. */
  config: Record<string, unknown>;
  title: string;
  /** The ends of the flow that it runs. */
  flow?: FlowPorts | undefined;
}

export interface Offered {
  operations: readonly Operation[];
  /** Whether these are all. */
  isWhole: boolean;
  mayWrite(operations: readonly Operation[]): boolean;
  /** Operations that the settings name and the connection does not offer. */
  missing: readonly string[];
  /** Why one is not offered, where more is known than that it is not. */
  whyMissing(operation: string): string | undefined;
  /** Why what its connection offers is not known, or that it is being read. */
  note?: string;
}

/** Nothing while the settings do not fit. `isWanted` reads the catalogue where it has not been read; one that has been counts anyway. */
export function useOffered(flow: Flow, id: string, isWanted: boolean): Offered {
  const node = flow.nodes[id];
  const setUp = node && setUpOf(editor.registry.get(node.kind), node);
  const connection = setUp && connectionAsked(setUp);
  const { data, error, isFetching } = useQuery({
    ...queries.workspace.catalogue.queryOptions({ connection: connection ?? '' }),
    enabled: isWanted && connection !== undefined,
    staleTime: 300_000,
    retry: false,
  });
  const catalogue = connection === undefined ? undefined : data;
  const operations = setUp ? offeredBy(setUp, catalogue) : [];
  const named = setUp && catalogue !== undefined ? offeredBy(setUp, undefined) : [];
  const unread = connection !== undefined && catalogue === undefined ? setUp?.kind.unlisted?.(setUp.config) : undefined;
  const note = isFetching ? 'Reading what its connection offers…' : error ? `What its connection offers could not be read: ${messageOf(error)}` : undefined;
  const isWhole = setUp !== undefined && unread === undefined;
  return {
    operations,
    isWhole,
    mayWrite: (among) => unread === 'write' || among.some(({ effect }) => effect === 'write'),
    missing: named.map(({ name }) => name).filter((name) => operations.every((operation) => operation.name !== name)),
    whyMissing: (operation) => setUp && whyMissing(setUp, catalogue, operation),
    ...(note !== undefined && { note }),
  };
}

function setUpOf(kind: Kind | undefined, node: FlowNode): SetUp | undefined {
  const { config, title } = node;
  const parsed = kind?.operations && kind.config.safeParse(config);
  return kind && parsed?.success ? { kind, config: parsed.data, title: title ?? kind.title, flow: editor.face(node).runs } : undefined;
}

/** The connection whose catalogue the node reads before it offers anything. */
export function connectionAsked(setUp: SetUp): string | undefined {
  let asked: string | undefined;
  readBy(setUp, (connection) => {
    asked = connection;
    return undefined;
  });
  return asked;
}

/** The operations, by what the connection told; undefined where it has told nothing yet. */
export function offeredBy(setUp: SetUp, told: Json | undefined): Operation[] {
  const { kind, config, title, flow } = setUp;
  const catalogue = told === undefined ? undefined : readBy(setUp, () => told);
  try {
    return kind.operations?.(config, { granted: [], title, ...(flow && { flow }), ...(catalogue !== undefined && { catalogue }) }) ?? [];
  } catch {
    return [];
  }
}

/** Why the catalogue does not offer it, in the kind's own words. */
function whyMissing(setUp: SetUp, told: Json | undefined, operation: string): string | undefined {
  const catalogue = told === undefined ? undefined : readBy(setUp, () => told);
  try {
    return catalogue === undefined ? undefined : setUp.kind.whyMissing?.(setUp.config, catalogue, operation);
  } catch {
    return undefined;
  }
}

/** Runs the kind's reading of its catalogue on what `answer` gives; undefined where that is nothing, or where it wants more than a catalogue. */
function readBy({ kind, config }: SetUp, answer: (connection: string) => Json | undefined): Json | undefined {
  const context = {
    *catalogue(connection: string) {
      const told = answer(connection);
      if (told === undefined) throw new Error('Nothing is known of the connection yet.');
      return told;
    },
  } as unknown as Context;
  try {
    const read = kind.catalogue?.(config, context).next();
    return read?.done ? read.value : undefined;
  } catch {
    return undefined;
  }
}
