/** The long values of a task or a call, which an outline leaves out, read when they are looked at. */
import { useQuery } from '@tanstack/react-query';
import { valueAt, withValueAt, type AbridgedValue, type Json } from '@switchyard/shared';
import { useMemo, useState } from 'react';
import { messageOf } from '../api/api-error.ts';
import { serverRuns, type RunSource } from './run-source.ts';
import { runStore } from './run-store.ts';

/** Longer ones are read when they are asked for. */
const unaskedBytes = 1_000_000;
/** Values that nobody looks at leave the browser's memory. */
const keptMs = 60_000;

interface Part {
  path: string;
  value: Json;
}

/** A task or call with its long values, as far as they are there. */
export interface Whole<Item> {
  item: Item;
  /** `apart` where they are so long that they wait to be asked for. */
  state: 'whole' | 'reading' | 'apart' | 'failed';
  bytes: number;
  message?: string;
  read(): void;
}

/** The item whole; it is read at once unless it is very long. */
export function useWhole<Item extends { abridged?: AbridgedValue[] }>(item: Item): Whole<Item> {
  const { run } = runStore.getState().view;
  const abridged = item.abridged ?? [];
  const [isAsked, setAsked] = useState(false);
  const bytes = abridged.reduce((sum, part) => sum + part.bytes, 0);
  const isWanted = abridged.length > 0 && (isAsked || bytes <= unaskedBytes);
  const { data, error } = useQuery({
    queryKey: ['whole', run, abridged],
    queryFn: () => readParts(serverRuns, run, abridged),
    enabled: isWanted,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: keptMs,
  });
  const whole = useMemo(() => (data ? putBack(item, data) : item), [item, data]);
  const state = abridged.length === 0 || data ? 'whole' : error ? 'failed' : isWanted ? 'reading' : 'apart';
  return { item: whole, state, bytes, read: () => setAsked(true), ...(error && { message: messageOf(error) }) };
}

/** Reads what events left out. Rejects where an event is kept no longer. */
export async function readParts(source: Pick<RunSource, 'event'>, run: string, abridged: readonly AbridgedValue[]): Promise<Part[]> {
  return await Promise.all(
    abridged.map(async ({ path, seq }) => {
      const event = await source.event(run, seq);
      const value = valueAt(event as unknown as Json | undefined, path);
      if (value === undefined) throw new Error('These values are not kept any more: the run was removed.');
      return { path, value };
    }),
  );
}

/** The paths of a task's or call's values are those of its events. */
export function putBack<Item>(item: Item, parts: readonly Part[]): Item {
  return parts.reduce((whole, { path, value }) => withValueAt(whole, path, value), item as Json) as Item;
}
